package io.skep.runtime.api;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits, with a limit, for what another thread or process does. */
public final class Eventually {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Eventually() {}

    /** Returns as soon as the condition holds; fails after a minute, with what it was. */
    public static void holds(String what, Callable<Boolean> condition) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        Exception last = null;
        while (System.nanoTime() < deadline) {
            try {
                if (condition.call()) {
                    return;
                }
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (Exception e) {
                last = e;
            }
        }
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what, last);
    }
}
