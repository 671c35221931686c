package io.skep.runtime.process.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Our shell scripts. They never change while the bundle is the same: every value reaches them as an argument or a file. They
 * are replaced in one step, since supervisors of an earlier bundle may be reading the old ones.
 */
final class Scripts {

    private static final List<String> NAMES =
            List.of("supervise", "enter", "mounts", "launch", "run", "signal", "janitor");

    private Scripts() {}

    static void install(Path bin) throws IOException {
        for (String name : NAMES) {
            try (InputStream script = Scripts.class.getResourceAsStream(name)) {
                if (script == null) {
                    throw new IOException("script " + name + " is not in the bundle");
                }
                Path temporary = bin.resolve(name + ".new");
                Files.copy(script, temporary, StandardCopyOption.REPLACE_EXISTING);
                // The container's user reads launch through an open file.
                Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxr-xr-x"));
                Files.move(temporary, bin.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }
}
