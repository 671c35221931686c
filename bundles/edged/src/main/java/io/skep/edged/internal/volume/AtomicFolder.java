package io.skep.edged.internal.volume;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder whose files change all at once: they lie in a folder with a time in its name, {@code ..data} points to it, and
 * each visible name points through {@code ..data}. One rename makes the new files seen. Only one thread at a time writes
 * one folder.
 *
 * <p>Source: Kubernetes {@code pkg/volume/util/atomic_writer.go}; applications rely on this layout to notice a change.
 */
final class AtomicFolder {

    private static final String DATA = "..data";
    private static final String NEW_DATA = "..data_tmp";
    private static final int GROUP_READS = 0440;
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("'..'yyyy_MM_dd_HH_mm_ss.nnnnnnnnn").withZone(ZoneOffset.UTC);

    private final Path folder;

    AtomicFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * One file.
     *
     * @param content its bytes
     * @param mode its permission bits, as {@code chmod} counts them
     * @param owner whose it is
     */
    record Entry(byte[] content, int mode, FileOwner owner) {
        Entry(byte[] content, int mode) {
            this(content, mode, FileOwner.OURS);
        }

        /** The same, readable by a pod's group, if it has one. */
        Entry readableBy(FileOwner pod) {
            return pod.group().isEmpty()
                    ? this
                    : new Entry(content, mode | GROUP_READS, new FileOwner(owner.user(), pod.group()));
        }
    }

    /**
     * Makes the folder hold exactly these files, by relative path.
     *
     * @return false when it did already
     */
    boolean write(Map<String, Entry> files) throws IOException {
        for (String path : files.keySet()) {
            check(path);
        }
        Files.createDirectories(folder);
        Path data = folder.resolve(DATA);
        if (Files.exists(data) && holds(data, files)) {
            return false;
        }
        Path fresh = freshFolder();
        for (Map.Entry<String, Entry> file : files.entrySet()) {
            Path path = fresh.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue().content());
            // Its mode first: a file given away is no longer ours to change
            chmod(path, file.getValue().mode());
            file.getValue().owner().give(path);
        }
        Path old = Files.exists(data) ? data.toRealPath() : null;
        Path link = folder.resolve(NEW_DATA);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        showNames(files.keySet());
        if (old != null && !old.equals(fresh.toRealPath())) {
            Folders.delete(old);
        }
        return true;
    }

    private Path freshFolder() throws IOException {
        Path fresh = folder.resolve(STAMP.format(Instant.now()));
        while (Files.exists(fresh)) {
            fresh = folder.resolve(STAMP.format(Instant.now()) + "_");
        }
        Files.createDirectory(fresh);
        chmod(fresh, 0755);
        return fresh;
    }

    private boolean holds(Path data, Map<String, Entry> files) throws IOException {
        Map<String, Entry> wanted = new TreeMap<>(files);
        Path real = data.toRealPath();
        Set<String> there = new HashSet<>();
        try (Stream<Path> walk = Files.walk(real)) {
            for (Path path : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
                String name = real.relativize(path).toString();
                Entry entry = wanted.get(name);
                if (entry == null
                        || !Arrays.equals(entry.content(), Files.readAllBytes(path))
                        || mode(path) != entry.mode()) {
                    return false;
                }
                there.add(name);
            }
        }
        return there.equals(wanted.keySet());
    }

    private void showNames(Set<String> paths) throws IOException {
        Set<String> tops = new HashSet<>();
        for (String path : paths) {
            String top = Path.of(path).getName(0).toString();
            tops.add(top);
            Path visible = folder.resolve(top);
            if (!Files.exists(visible, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(visible, Path.of(DATA, top));
            }
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (!name.startsWith("..") && !tops.contains(name) && Files.isSymbolicLink(entry)) {
                    Files.delete(entry);
                }
            }
        }
    }

    /** No way out of the folder, and no name of our own. */
    static void check(String path) throws IOException {
        boolean bad = path.isEmpty() || path.startsWith("/") || path.startsWith("..") || path.length() > 4096;
        for (String step : path.split("/", -1)) {
            bad |= step.equals("..") || step.isEmpty() || step.equals(".") || step.indexOf('\0') >= 0;
        }
        if (bad) {
            throw new IOException("path \"" + path + "\" must be relative and must not contain or begin with '..'");
        }
    }

    static void chmod(Path path, int mode) throws IOException {
        Set<PosixFilePermission> permissions = new HashSet<>();
        String bits = "";
        for (int shift = 6; shift >= 0; shift -= 3) {
            int three = mode >> shift & 7;
            bits += ((three & 4) != 0 ? "r" : "-") + ((three & 2) != 0 ? "w" : "-") + ((three & 1) != 0 ? "x" : "-");
        }
        permissions.addAll(PosixFilePermissions.fromString(bits));
        Files.setPosixFilePermissions(path, permissions);
    }

    private static int mode(Path path) throws IOException {
        int mode = 0;
        for (PosixFilePermission permission : Files.getPosixFilePermissions(path)) {
            mode |= 0400 >> permission.ordinal();
        }
        return mode;
    }
}
