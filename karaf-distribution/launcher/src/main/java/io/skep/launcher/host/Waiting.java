package io.skep.launcher.host;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what can only be asked, not listened to: other processes. */
public final class Waiting {

    private static final Duration LEAST = Duration.ofMillis(20);

    private Waiting() {}

    /** Asks every 20 ms until it is so, more seldom where asking takes long; at most for {@code limit}. */
    public static boolean until(Duration limit, BooleanSupplier condition) {
        long begin = System.nanoTime();
        long asked = begin;
        while (!condition.getAsBoolean()) {
            long now = System.nanoTime();
            if (now - begin > limit.toNanos() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(pause(Duration.ofNanos(now - asked)).toNanos());
            asked = System.nanoTime();
        }
        return true;
    }

    /** A slow machine needs its processors for what is waited for: the questions may have a third of one. */
    static Duration pause(Duration question) {
        Duration twice = question.multipliedBy(2);
        return twice.compareTo(LEAST) > 0 ? twice : LEAST;
    }
}
