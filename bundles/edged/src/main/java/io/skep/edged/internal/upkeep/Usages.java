package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.pressure.Signal;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStats;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Measures what pods use; only where the node is short of it, since it costs. */
final class Usages {

    private Usages() {}

    /** Usage by the pod's uid; blocks. How many processes a pod has no runtime tells: all count alike then. */
    static Map<String, Usage> read(Signal signal, Collection<Subject> pods) throws ContainerException {
        Map<String, Usage> usages = new HashMap<>();
        if (signal == Signal.PID) {
            return usages;
        }
        Map<PodRuntime, Map<String, ContainerStats>> stats = new HashMap<>();
        for (Subject pod : pods) {
            if (!stats.containsKey(pod.runtime())) {
                stats.put(pod.runtime(), stats(pod.runtime()));
            }
            Map<String, ContainerStats> known = stats.get(pod.runtime());
            usages.put(
                    pod.uid(),
                    signal == Signal.MEMORY ? memory(pod, known) : pod.storage().usage(pod, known));
        }
        return usages;
    }

    static Map<String, ContainerStats> stats(PodRuntime runtime) throws ContainerException {
        return runtime.listContainerStats().stream()
                .collect(Collectors.toMap(ContainerStats::containerId, s -> s, (a, b) -> b));
    }

    private static Usage memory(Subject pod, Map<String, ContainerStats> stats) {
        Map<String, Long> byContainer = new HashMap<>();
        for (ContainerStatus container : pod.containers()) {
            ContainerStats own = stats.get(container.id());
            if (own != null) {
                byContainer.merge(container.name(), own.memoryBytes(), Long::sum);
            }
        }
        return new Usage(
                byContainer,
                byContainer.values().stream().mapToLong(Long::longValue).sum());
    }
}
