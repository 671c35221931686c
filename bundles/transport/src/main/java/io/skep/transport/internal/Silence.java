package io.skep.transport.internal;

import java.time.Duration;

/**
 * Notices a peer that vanished without a word, as a pulled cable does: TCP alone needs a quarter of an hour. A probe is
 * answered by any peer (RFC 6455, section 5.5.3), CloudCore included.
 */
final class Silence {

    /** Silence after which the peer is asked for a sign of life. */
    static final Duration PROBE_AFTER = Duration.ofSeconds(10);

    /** Silence after which it is given up. */
    static final Duration DEAD_AFTER = Duration.ofSeconds(30);

    /** What to do now. */
    enum Verdict {
        WAIT,
        PROBE,
        DEAD
    }

    private final boolean probing;
    private volatile long lastHeard = System.nanoTime();
    private long lastProbe = lastHeard;

    Silence(boolean probing) {
        this.probing = probing;
    }

    void heard() {
        lastHeard = System.nanoTime();
    }

    /** Called by the one timer thread. */
    Verdict judge(long now) {
        long silent = now - lastHeard;
        if (!probing || silent < PROBE_AFTER.toNanos()) {
            return Verdict.WAIT;
        }
        if (silent > DEAD_AFTER.toNanos()) {
            return Verdict.DEAD;
        }
        if (now - lastProbe < PROBE_AFTER.toNanos()) {
            return Verdict.WAIT;
        }
        lastProbe = now;
        return Verdict.PROBE;
    }
}
