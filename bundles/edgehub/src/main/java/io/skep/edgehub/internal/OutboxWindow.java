package io.skep.edgehub.internal;

import io.skep.core.api.module.ModuleContext;
import io.skep.edgehub.internal.OutboxEntry.State;
import java.time.Duration;
import java.time.Instant;

/**
 * What of the outbox is on its way to the cloud: at most {@link #SIZE} messages at a time, each until it is answered, given
 * up, or waited for long enough. A newer state of an object lets the older one on its way go ahead, in whose place it
 * counts. Belongs to the module's thread.
 */
final class OutboxWindow {

    static final int SIZE = 32;

    private final OutboxEntries entries;
    private final ModuleContext context;
    private final Duration timeout;
    private int underway;

    /** @param timeout how long an answer is waited for */
    OutboxWindow(OutboxEntries entries, ModuleContext context, Duration timeout) {
        this.entries = entries;
        this.context = context;
        this.timeout = timeout;
    }

    /** How many more may go. */
    int room() {
        return Math.max(0, SIZE - underway);
    }

    /** The entry is being written to the link. */
    void enter(OutboxEntry entry) {
        entry.state = State.WRITING;
        underway++;
    }

    /** The entry is written; its answer is to come. */
    void waitForAnswer(OutboxEntry entry) {
        entry.state = State.WAITING;
        entry.deadline = deadline();
    }

    /** CloudCore works on many messages at once: of two states of one object the older could be written last. */
    void letAhead(OutboxEntry entry, String id) {
        entries.letAhead(entry, id);
        entry.deadline = deadline();
    }

    /**
     * An entry of which a predecessor had written a state to the link that lives on.
     *
     * @param id of what was written: the entry's own, or that of an older state of its object
     */
    void resume(OutboxEntry entry, String id) {
        if (id.equals(entry.id)) {
            waitForAnswer(entry);
        } else {
            letAhead(entry, id);
        }
        underway++;
    }

    private Instant deadline() {
        return context.clock().instant().plus(timeout);
    }

    /** The older state that was let ahead is no longer waited for. */
    void followOn(OutboxEntry entry) {
        entries.followOn(entry);
        underway--;
    }

    /** Nothing of the entry is on its way any more; where it stands now is for the caller to say. */
    void leave(OutboxEntry entry) {
        if (entry.isUnderway()) {
            underway--;
        }
        if (!entry.ahead.isEmpty()) {
            followOn(entry);
        }
    }

    /** What has not been answered in time may go again. */
    void expire() {
        Instant now = context.clock().instant();
        for (OutboxEntry entry : entries.all()) {
            if (!entry.ahead.isEmpty() && now.isAfter(entry.deadline)) {
                followOn(entry);
            } else if (entry.state == State.WAITING && now.isAfter(entry.deadline)) {
                leave(entry);
                entry.state = State.READY;
            }
        }
    }

    /** The link is gone: what was on its way may go again. */
    void clear() {
        underway = 0;
        for (OutboxEntry entry : entries.all()) {
            entries.followOn(entry);
            if (entry.isUnderway()) {
                entry.state = State.READY;
            }
        }
    }
}
