package io.skep.edgehub.internal;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When to dial again: doubling pauses with jitter. While the cloud can't be reached and the outage is young, pauses stay
 * short, so that the link is back soon after the cloud; a cloud that refuses us, or stays away, is asked less often.
 */
final class Backoff {

    /** How long an outage counts as young. */
    static final Duration EAGER = Duration.ofMinutes(5);

    /** A link that lived so long was a good one: the pauses start anew. */
    static final Duration GOOD = Duration.ofSeconds(5);

    private static final int MAX_DOUBLINGS = 16;

    /**
     * Lengths of pauses.
     *
     * @param first the first one
     * @param eager the longest while the outage is young
     * @param max the longest
     */
    record Pauses(Duration first, Duration eager, Duration max) {}

    private final Pauses pauses;
    private final RandomGenerator random;
    private int tries;
    private Instant since = Instant.MAX;

    Backoff(Pauses pauses, RandomGenerator random) {
        this.pauses = pauses;
        this.random = random;
    }

    /** A link that lived for {@code lifetime} was lost now. */
    void lost(Instant now, Duration lifetime) {
        if (lifetime.compareTo(GOOD) >= 0) {
            tries = 0;
            since = now;
        }
    }

    /**
     * The pause before the next try, which is counted.
     *
     * @param refused whether the cloud was reached and did not want us
     */
    Duration next(Instant now, boolean refused) {
        if (since.equals(Instant.MAX)) {
            since = now;
        }
        boolean young = Duration.between(since, now).compareTo(EAGER) < 0;
        Duration longest = refused || !young ? pauses.max() : pauses.eager();
        long doubled = pauses.first().toMillis() << Math.min(tries++, MAX_DOUBLINGS);
        long pause = Math.min(doubled, longest.toMillis());
        // Between half and all of it: many nodes that lost their cloud together don't come back together.
        return Duration.ofMillis(pause - random.nextLong(pause / 2 + 1));
    }
}
