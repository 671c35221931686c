package io.skep.edgehub.internal;

import io.skep.core.api.message.Message;
import java.time.Duration;
import java.time.Instant;

/** One kept message; a mutable part of {@link Outbox}, which owns it. */
final class OutboxEntry {

    /** Pause after the link's queue was full. */
    static final Duration FULL_PAUSE = Duration.ofMillis(200);

    private static final int MAX_DOUBLINGS = 5;

    /** Where it is. */
    enum State {
        STORING,
        READY,
        WRITING,
        WAITING,
        GONE
    }

    final String key;
    final OutboxClass kind;
    String id;
    State state = State.STORING;

    /** The message, or {@code null} when it is to be read back from the store. */
    Message message;

    /** Id of the older state of this object that is on its way, or {@code ""}: this one goes when that is answered. */
    String ahead = "";

    int attempts;
    Instant notBefore = Instant.MIN;
    Instant deadline = Instant.MAX;

    OutboxEntry(String key, OutboxClass kind, String id) {
        this.key = key;
        this.kind = kind;
        this.id = id;
    }

    boolean isUnderway() {
        return state == State.WRITING || state == State.WAITING;
    }

    /** Whether it may be sent now. */
    boolean isDue(Instant now) {
        return state == State.READY && ahead.isEmpty() && !notBefore.isAfter(now);
    }

    /** Pause after the cloud could not take it: 2 s, doubling to about a minute. */
    Duration pause() {
        return Duration.ofSeconds(1L << Math.min(attempts, MAX_DOUBLINGS));
    }

    void postpone(Instant now) {
        notBefore = now.plus(pause());
    }
}
