package io.skep.edged.internal.volume;

import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The size limits of emptyDir volumes.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/eviction/eviction_manager.go}, {@code emptyDirLimitEviction}.
 */
public final class EmptyDirs {

    private EmptyDirs() {}

    /** Whether any of the pod's volumes has a limit. */
    public static boolean limited(Pod pod) {
        return pod.volumes().stream().anyMatch(v -> v.has("emptyDir", "sizeLimit"));
    }

    /** Why the pod must go, if one of its volumes is over its limit; reads the disk, on a worker. */
    public static Optional<String> excess(Pod pod, Map<String, Path> paths) {
        for (Doc volume : pod.volumes()) {
            Path path = paths.get(volume.text("name"));
            if (path != null && limit(volume) > 0 && !bounded(volume, path) && bytes(path) > limit(volume)) {
                return Optional.of("Usage of EmptyDir volume \"" + volume.text("name") + "\" exceeds the limit \""
                        + volume.text("emptyDir", "sizeLimit") + "\". ");
            }
        }
        return Optional.empty();
    }

    /** What may be in a volume, or 0 when nothing sound is said. */
    static long limit(Doc volume) {
        String limit = volume.text("emptyDir", "sizeLimit");
        try {
            return limit.isEmpty() ? 0 : Quantity.parse(limit).value();
        } catch (KubeException e) {
            return 0;
        }
    }

    /** Whether the kernel lets no more into it: who tries is told, and the pod stays. */
    private static boolean bounded(Doc volume, Path path) {
        try {
            return inMemory(volume) && MountTable.read().tmpfs(path) > 0;
        } catch (IOException e) {
            // No pod is evicted for what could not be looked at; its next mount says what is wrong.
            return true;
        }
    }

    /** Whether a volume is an emptyDir. */
    static boolean covers(Doc volume) {
        return volume.has("emptyDir") || volume.asMap().keySet().equals(Set.of("name"));
    }

    /** Whether an emptyDir is to take memory in place of disk. */
    static boolean inMemory(Doc volume) {
        return volume.text("emptyDir", "medium").equals("Memory");
    }

    /** Whether a volume is an emptyDir that takes room on the disk. */
    public static boolean onDisk(Doc volume) {
        return covers(volume) && !inMemory(volume);
    }

    /** What the files of a folder take; what goes while it is looked at, or can't be read, counts nothing. */
    public static long bytes(Path folder) {
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(f -> Files.isRegularFile(f, LinkOption.NOFOLLOW_LINKS))
                    .mapToLong(f -> f.toFile().length())
                    .sum();
        } catch (IOException | UncheckedIOException e) {
            return 0;
        }
    }
}
