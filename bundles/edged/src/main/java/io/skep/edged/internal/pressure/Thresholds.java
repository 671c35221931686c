package io.skep.edged.internal.pressure;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The thresholds of a node.
 *
 * @param list one a signal at most
 * @param transition how long a node that was under pressure says so after it ended
 */
public record Thresholds(List<Threshold> list, Duration transition) {

    public static final Duration TRANSITION = Duration.ofMinutes(5);

    public Thresholds {
        list = List.copyOf(list);
    }

    /** Kubelet's. */
    public static final Thresholds DEFAULT = of("100Mi", "10%", "15%", "", TRANSITION);

    /** @throws IllegalArgumentException when one can't be read */
    public static Thresholds of(String memory, String nodefs, String imagefs, String pid, Duration transition) {
        return new Thresholds(
                Stream.of(
                                Threshold.parse(Signal.MEMORY, memory),
                                Threshold.parse(Signal.NODEFS, nodefs),
                                Threshold.parse(Signal.IMAGEFS, imagefs),
                                Threshold.parse(Signal.PID, pid))
                        .flatMap(Optional::stream)
                        .toList(),
                transition);
    }

    /** What must stay available, 0 where nothing is watched. */
    public long margin(Signal signal, long capacity) {
        return list.stream()
                .filter(t -> t.signal() == signal)
                .mapToLong(t -> t.of(capacity))
                .findFirst()
                .orElse(0);
    }
}
