package io.skep.itests.system;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what can only be asked: polling with a limit. */
public final class Eventually {

    /** Far beyond what anything here takes on a loaded machine with two cores. */
    public static final Duration LIMIT = Duration.ofSeconds(120);

    private static final Duration STEP = Duration.ofMillis(50);

    private Eventually() {}

    /** Asks until it is so; fails after {@link #LIMIT}. */
    public static void seen(String what, BooleanSupplier condition) {
        seen(what, condition, () -> "");
    }

    /** Asks until it is so; fails after {@link #LIMIT} and then tells what {@code otherwise} says. */
    public static void seen(String what, BooleanSupplier condition, Supplier<String> otherwise) {
        if (!within(LIMIT, condition)) {
            throw new AssertionError("not seen within " + LIMIT.toSeconds() + " s: " + what + ". " + otherwise.get());
        }
    }

    /** Whether it became so within {@code limit}. */
    public static boolean within(Duration limit, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            pause(STEP);
        }
        return true;
    }

    /** Lets time pass, where the passing is the point: the moment of a kill. */
    public static void pause(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
