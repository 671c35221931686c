package io.skep.bus.internal.host;

import java.time.Duration;

/**
 * How long a failed module rests before its next start: twice as long each time, up to a cap; from the beginning again
 * after it ran quietly for a while.
 *
 * <p>Source: KubeEdge v1.22, {@code beehive/pkg/core/module.go} (policy OnFailure, growth 2, cap 30 s).
 *
 * @param first the first pause
 * @param longest no pause is longer
 * @param quiet a run this long forgets the failures before it
 */
public record RestartPolicy(Duration first, Duration longest, Duration quiet) {

    /**
     * The pause after a run that failed.
     *
     * @param previous the pause before that run, zero for the first run
     * @param ran how long it ran
     */
    Duration next(Duration previous, Duration ran) {
        if (previous.isZero() || ran.compareTo(quiet) >= 0) {
            return first;
        }
        Duration doubled = previous.multipliedBy(2);
        return doubled.compareTo(longest) > 0 ? longest : doubled;
    }
}
