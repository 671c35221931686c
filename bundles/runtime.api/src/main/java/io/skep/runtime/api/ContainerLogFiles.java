package io.skep.runtime.api;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * One container's log as it lies on disk: the file that is written, and beside it those that were full, which bear the UTC
 * time of their end as suffix ({@code 0.log.20261129-163007-000000000}). Each is in CRI format. Calls block on the disk.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/logs/container_log_manager.go}, whose names have whole seconds only.
 *
 * @param current the file that is written
 */
public record ContainerLogFiles(Path current) {

    private static final DateTimeFormatter SUFFIX =
            DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss-nnnnnnnnn").withZone(ZoneOffset.UTC);

    public ContainerLogFiles {
        Objects.requireNonNull(current, "current");
    }

    /** Those that were full, oldest first; compressed and half-written ones, as kubelet leaves them, are not among them. */
    public List<Path> rotated() throws IOException {
        return others(name -> !name.endsWith(".gz") && !name.endsWith(".tmp"));
    }

    /** Moves the current file away, so that whoever writes must open a new one, and returns where it is now. */
    public Path rotate(Instant now) throws IOException {
        Path away = current.resolveSibling(current.getFileName() + "." + SUFFIX.format(now));
        return Files.move(current, away, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Removes the oldest so that, with the current one, {@code files} are left at most, and of those that were full no more than
     * {@code files} times {@code bytes}, if they have become larger than they should; the newest of them stays whatever its size.
     */
    public void keep(int files, long bytes) throws IOException {
        List<Path> all = others(name -> true);
        long room = files * bytes;
        for (int i = all.size() - 1; i >= 0; i--) {
            room -= Files.size(all.get(i));
            int newer = all.size() - 1 - i;
            if (newer >= files - 1 || room < 0 && newer > 0) {
                Files.deleteIfExists(all.get(i));
            }
        }
    }

    /** Removes them all. */
    public void delete() throws IOException {
        Files.deleteIfExists(current);
        for (Path old : others(name -> true)) {
            Files.deleteIfExists(old);
        }
    }

    private List<Path> others(Predicate<String> wanted) throws IOException {
        String prefix = current.getFileName() + ".";
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                current.toAbsolutePath().getParent(),
                entry -> entry.getFileName().toString().startsWith(prefix)
                        && wanted.test(entry.getFileName().toString()))) {
            entries.forEach(found::add);
        } catch (NoSuchFileException e) {
            return List.of();
        }
        found.sort(null);
        return found;
    }
}
