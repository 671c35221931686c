package io.skep.launcher.host;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/**
 * Puts files in their place so that they are there after a power loss, too: a new name may be on disk half a minute before
 * what is behind it, which is then an empty file.
 */
public final class Durable {

    private Durable() {}

    /** Moves a finished file or folder to its place, in place of a file that is there. */
    public static void move(Path fresh, Path target) throws IOException {
        try (Stream<Path> all = Files.walk(fresh)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                sync(each);
            }
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(target.toAbsolutePath().getParent());
    }

    /** Links hold nothing of their own to be synced. */
    private static void sync(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
