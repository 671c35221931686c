package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.pressure.Signal;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStats;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Measures what pods use; only where the node is short of it, since it costs. */
final class Usages {

    private Usages() {}

    /** Usage by the pod's uid; blocks. */
    static Map<String, Usage> read(Signal signal, Collection<Subject> pods) throws ContainerException {
        Map<String, Usage> usages = new HashMap<>();
        Map<PodRuntime, Map<String, ContainerStats>> stats = new HashMap<>();
        for (Subject pod : pods) {
            if (!stats.containsKey(pod.runtime())) {
                stats.put(pod.runtime(), stats(pod.runtime()));
            }
            Map<String, ContainerStats> known = stats.get(pod.runtime());
            usages.put(pod.uid(), usage(signal, pod, known));
        }
        return usages;
    }

    private static Usage usage(Signal signal, Subject pod, Map<String, ContainerStats> known)
            throws ContainerException {
        return switch (signal) {
            case MEMORY -> memory(pod, known);
            case PID -> processes(pod, known);
            case NODEFS, IMAGEFS -> pod.storage().usage(pod, known);
        };
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

    /** Only as a whole: kubelet names no container for its processes. One that is not counted has none. */
    private static Usage processes(Subject pod, Map<String, ContainerStats> stats) {
        long all = pod.containers().stream()
                .map(container -> stats.get(container.id()))
                .filter(Objects::nonNull)
                .mapToLong(own -> own.processes().orElse(0L))
                .sum();
        return new Usage(Map.of(), all);
    }
}
