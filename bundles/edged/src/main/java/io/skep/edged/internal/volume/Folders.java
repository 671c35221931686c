package io.skep.edged.internal.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;

/** Removes trees without leaving them, by a link or into what is mounted in them. */
public final class Folders {

    private Folders() {}

    /** Copies a file, or a folder with the plain files in it; permissions are kept. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path path : (Iterable<Path>) walk::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                Files.copy(path, target, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /**
     * Deletes a file or a folder with all in it; nothing there is no error.
     *
     * @throws IOException also when something is mounted in it; then nothing is deleted
     */
    public static void delete(Path path) throws IOException {
        delete(path, MountTable.read());
    }

    static void delete(Path path, MountTable mounts) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        List<MountTable.Entry> inside = mounts.within(path);
        if (!inside.isEmpty()) {
            throw new IOException(path + " is not deleted: a " + inside.get(0).type() + " is mounted on "
                    + inside.get(0).place());
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException error) throws IOException {
                if (error != null) {
                    throw error;
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
