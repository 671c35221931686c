package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.volume.EmptyDirs;
import io.skep.runtime.api.ContainerStats;
import io.skep.runtime.api.ContainerStatus;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A pod's part of the disk: logs, emptyDir volumes, and what its containers wrote beside them where the runtime tells.
 *
 * @param pod the pod
 * @param paths its volumes by name
 * @param logs folder of its logs, one a container below
 */
public record PodStorage(Pod pod, Map<String, Path> paths, Path logs) {

    /** Reads the disk, on a worker; {@code stats} by the container's id. */
    Usage usage(Subject subject, Map<String, ContainerStats> stats) {
        Map<String, Long> byContainer = new HashMap<>();
        pod.allContainers().forEach(c -> byContainer.put(c.name(), EmptyDirs.bytes(logs.resolve(c.name()))));
        for (ContainerStatus container : subject.containers()) {
            ContainerStats own = stats.get(container.id());
            if (own != null) {
                byContainer.merge(container.name(), own.writtenBytes().orElse(0L), Long::sum);
            }
        }
        long volumes = pod.volumes().stream()
                .filter(EmptyDirs::onDisk)
                .map(volume -> paths.get(volume.text("name")))
                .filter(path -> path != null)
                .mapToLong(EmptyDirs::bytes)
                .sum();
        return new Usage(
                byContainer,
                volumes
                        + byContainer.values().stream()
                                .mapToLong(Long::longValue)
                                .sum());
    }
}
