package io.skep.launcher.demo;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The demo's steps with their measured times, printed as they happen. */
final class Timeline {

    /** One step that was seen to work. */
    record Step(String what, long atMillis, long tookMillis) {}

    private final long begun = System.nanoTime();
    private final List<Step> steps = new ArrayList<>();
    private final boolean quiet;

    Timeline(boolean quiet) {
        this.quiet = quiet;
        say(String.format("%8s %8s  %s", "at", "took", "what"));
    }

    List<Step> steps() {
        return List.copyOf(steps);
    }

    void say(String line) {
        if (!quiet) {
            System.out.println(line);
        }
    }

    /** Does something and notes how long it took. */
    void step(String what, Runnable action) {
        long start = System.nanoTime();
        action.run();
        note(what, start);
    }

    /** Does something and waits until its effect is seen; fails the demo when it is not within {@code limit}. */
    void step(String what, Runnable action, Duration limit, BooleanSupplier seen) {
        long start = System.nanoTime();
        action.run();
        if (!Waiting.until(limit, seen)) {
            throw new LauncherException(
                    "the demo failed at: " + what + " (not seen within " + limit.toSeconds() + " s)");
        }
        note(what, start);
    }

    private void note(String what, long start) {
        long now = System.nanoTime();
        Step step = new Step(what, (now - begun) / 1_000_000, (now - start) / 1_000_000);
        steps.add(step);
        say(String.format("%7.1fs %7.2fs  %s", step.atMillis() / 1e3, step.tookMillis() / 1e3, what));
    }
}
