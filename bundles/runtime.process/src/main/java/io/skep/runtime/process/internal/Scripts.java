package io.skep.runtime.process.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;

/**
 * Our shell scripts. They never change while the bundle is the same: every value reaches them as an argument or a file. They
 * are replaced in one step, since supervisors of an earlier bundle may be reading the old ones.
 */
final class Scripts {

    private static final List<String> NAMES =
            List.of("supervise", "enter", "mounts", "launch", "run", "signal", "janitor", "tty");

    private Scripts() {}

    static void install(Path bin) throws IOException {
        for (String name : NAMES) {
            try (InputStream script = Scripts.class.getResourceAsStream(name)) {
                if (script == null) {
                    throw new IOException("script " + name + " is not in the bundle");
                }
                byte[] text = script.readAllBytes();
                // Nothing is written without need: a runtime must come back to its containers on a full disk.
                if (!holds(bin.resolve(name), text)) {
                    replace(bin.resolve(name), text);
                }
            }
        }
    }

    private static boolean holds(Path file, byte[] text) throws IOException {
        return Files.isExecutable(file) && Arrays.equals(Files.readAllBytes(file), text);
    }

    private static void replace(Path file, byte[] text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        Files.write(temporary, text);
        // The container's user reads launch through an open file.
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
}
