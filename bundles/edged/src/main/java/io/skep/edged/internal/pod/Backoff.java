package io.skep.edged.internal.pod;

import java.time.Duration;
import java.time.Instant;

/**
 * The pauses between the restarts of a container: none before the first, then 10 s doubling to 5 min, and none again
 * after it ran for 10 min.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kubelet.go} ({@code MaxContainerBackOff}) and {@code client-go/util/flowcontrol}.
 */
final class Backoff {

    static final Duration FIRST = Duration.ofSeconds(10);
    static final Duration MOST = Duration.ofMinutes(5);
    private static final Duration CALM = Duration.ofMinutes(10);

    private Backoff() {}

    /** The pause owed after this end. */
    static Duration owed(ContainerRecord record, Termination end) {
        boolean calm = end.started().isPresent()
                && end.finished().isPresent()
                && Duration.between(end.started().get(), end.finished().get()).compareTo(CALM) >= 0;
        return calm ? Duration.ZERO : record.backoff();
    }

    /** When the next instance may start; at once after an end in the future, of a clock put back since. */
    static Instant startAt(ContainerRecord record, Termination end, Instant now) {
        Instant finished = end.finished().orElse(now);
        return finished.isAfter(now) ? now : finished.plus(owed(record, end));
    }

    /** The pause after the next end, given the one paid now. */
    static Duration next(Duration paid) {
        Duration doubled = paid.isZero() ? FIRST : paid.multipliedBy(2);
        return doubled.compareTo(MOST) > 0 ? MOST : doubled;
    }
}
