package io.skep.edgehub.internal;

import java.time.Duration;
import java.time.Instant;

/** A token bucket. */
final class Pace {

    /**
     * How fast.
     *
     * @param perSecond messages a second; 0 sets no limit
     * @param burst messages at once after a rest
     */
    record Limit(int perSecond, int burst) {}

    private final Limit limit;
    private double tokens;
    private Instant last = Instant.EPOCH;

    Pace(Limit limit) {
        this.limit = limit;
        this.tokens = limit.burst();
    }

    /** Takes a token, or returns how long to wait until there is one; zero when it was taken. */
    Duration take(Instant now) {
        if (limit.perSecond() == 0) {
            return Duration.ZERO;
        }
        double seconds = Math.max(0, Duration.between(last, now).toMillis() / 1000.0);
        tokens = Math.min(limit.burst(), tokens + seconds * limit.perSecond());
        last = now;
        if (tokens >= 1) {
            tokens--;
            return Duration.ZERO;
        }
        return Duration.ofMillis((long) Math.ceil((1 - tokens) * 1000 / limit.perSecond()));
    }
}
