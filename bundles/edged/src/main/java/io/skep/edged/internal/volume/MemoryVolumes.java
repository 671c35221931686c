package io.skep.edged.internal.volume;

import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import io.skep.edged.internal.spec.PodResources;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * EmptyDir volumes in memory: file systems of their own where the node may mount, plain folders where it may not. What is
 * mounted is the kernel's to remember; a start of the process finds it again. Called on workers.
 *
 * <p>Source: Kubernetes {@code pkg/volume/emptydir/empty_dir.go}.
 */
final class MemoryVolumes {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryVolumes.class);

    private final Mounter mounter;
    private final Set<Path> told = ConcurrentHashMap.newKeySet();

    MemoryVolumes(Mounter mounter) {
        this.mounter = mounter;
    }

    /** Makes a volume's folder, which exists, one in memory, unless it is. */
    void mount(PodFields fields, Doc volume, Path folder) throws IOException {
        if (mounter.table().tmpfs(folder) > 0) {
            return;
        }
        Optional<String> plain = mounter.unable().or(() -> filled(folder));
        if (plain.isEmpty()) {
            mounter.tmpfs(folder, bytes(fields, volume));
        } else if (told.add(folder)) {
            LOG.warn(
                    "memory volume is a folder on disk: pod={} volume={} reason={}",
                    fields.pod().key(),
                    volume.text("name"),
                    plain.get());
        }
    }

    /** Containers may run in it since before the node could mount: they and those to come must see the same files. */
    private static Optional<String> filled(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            return files.iterator().hasNext() ? Optional.of("it has files on disk from before") : Optional.empty();
        } catch (IOException e) {
            return Optional.of("its folder can't be read: " + e);
        }
    }

    /** What fits in: the least of its own limit, what the pod may use, and what the node has for pods; 0 when none is known. */
    static long bytes(PodFields fields, Doc volume) {
        Pod pod = fields.pod();
        return LongStream.of(
                        EmptyDirs.limit(volume),
                        PodResources.of(pod).memoryBytes(),
                        fields.host().memoryBytes())
                .filter(bytes -> bytes > 0)
                .min()
                .orElse(0);
    }

    /**
     * Takes the mounts off all volumes in a folder.
     *
     * @throws IOException when one is still in use; then it is there as before
     */
    void unmount(Path volumes) throws IOException {
        if (!Files.isDirectory(volumes, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        MountTable table = mounter.table();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(volumes)) {
            for (Path folder : folders) {
                // A mount over a mount shows as two.
                for (long left = table.tmpfs(folder); left > 0; left--) {
                    mounter.unmount(folder);
                }
                told.remove(folder);
            }
        }
    }
}
