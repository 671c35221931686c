package io.skep.runtime.cri.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** How many process ids containers have, those of their threads among them: CRI tells of a pod's processes, if of any. */
final class ProcessIds {

    private final PodLimits limits;

    ProcessIds(PodLimits limits) {
        this.limits = limits;
    }

    /** Of a container of a pod whose cgroup the engine was told, {@code ""} when it chose one itself. */
    Optional<Long> of(String containerId, String parent) {
        if (parent.isEmpty()) {
            return Optional.empty();
        }
        Path pod = limits.hierarchy("pids").resolve(PodCgroup.told(parent).folder(PodCgroup.ofSystemd(parent)));
        // containerd's is <id> or cri-containerd-<id>.scope; CRI-O has one for its conmon beside the container's
        try (Stream<Path> inside = Files.list(pod)) {
            List<Path> own = inside.filter(
                            folder -> folder.getFileName().toString().contains(containerId))
                    .toList();
            long sum = 0;
            for (Path cgroup : own) {
                sum += Long.parseLong(
                        Files.readString(cgroup.resolve("pids.current")).strip());
            }
            return own.isEmpty() ? Optional.empty() : Optional.of(sum);
        } catch (IOException | NumberFormatException e) {
            // It has ended meanwhile, or the kernel does not count
            return Optional.empty();
        }
    }
}
