package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.pressure.Pressures.Met;
import io.skep.edged.internal.pressure.Signal;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodResources;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Which pod goes first when the node is short of something, and what it is told.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/eviction/helpers.go}.
 */
final class Ranking {

    private static final List<String> SUFFIXES = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi");

    private Ranking() {}

    /** The pods in the order in which they go: those beyond their request, of low priority, far beyond it. */
    static List<Pod> rank(List<Pod> pods, Signal signal, Map<String, Usage> usage) {
        Comparator<Pod> byPriority = Comparator.comparingLong(Pod::priority);
        Comparator<Pod> beyond = Comparator.comparing(pod -> excess(pod, signal, usage) <= 0);
        Comparator<Pod> most = Comparator.comparingLong(pod -> -excess(pod, signal, usage));
        Comparator<Pod> order = signal == Signal.PID ? byPriority : beyond.thenComparing(byPriority);
        return pods.stream().sorted(order.thenComparing(most)).toList();
    }

    private static long excess(Pod pod, Signal signal, Map<String, Usage> usage) {
        return usage.getOrDefault(pod.uid(), Usage.NONE).total() - PodResources.request(pod, signal.resource());
    }

    /** Why it goes, in kubelet's words. */
    static String message(Pod pod, Met met, Usage usage) {
        Signal signal = met.threshold().signal();
        StringBuilder text = new StringBuilder("The node was low on resource: ")
                .append(signal.resource())
                .append(". Threshold quantity: ")
                .append(quantity(met.threshold().of(met.reading().capacity()), signal))
                .append(", available: ")
                .append(quantity(met.reading().available(), signal))
                .append(". ");
        for (ContainerSpec container : pod.allContainers()) {
            long used = usage.byContainer().getOrDefault(container.name(), 0L);
            long request = container.amount("requests", signal.resource()).orElse(0L);
            if (used > request) {
                text.append("Container ")
                        .append(container.name())
                        .append(" was using ")
                        .append(quantity(used, signal))
                        .append(", request is ")
                        .append(quantity(request, signal))
                        .append(", has larger consumption of ")
                        .append(signal.resource())
                        .append(". ");
            }
        }
        return text.toString();
    }

    private static String quantity(long value, Signal signal) {
        if (signal == Signal.PID) {
            return Long.toString(value);
        }
        return binary(value);
    }

    /** As Kubernetes writes it: the largest unit that needs no fraction. */
    static String binary(long value) {
        long left = value;
        int unit = 0;
        while (left != 0 && left % 1024 == 0 && unit < SUFFIXES.size() - 1) {
            left /= 1024;
            unit++;
        }
        return left + SUFFIXES.get(unit);
    }
}
