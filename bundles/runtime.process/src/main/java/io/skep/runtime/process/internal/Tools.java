package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The machine's programs that we use, found once.
 *
 * @param folders where they are looked for
 * @param uid our user id
 * @param gid our group id
 */
record Tools(List<Path> folders, long uid, long gid) {

    private static final List<Path> USUAL =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));

    static Tools ofThisMachine() {
        Path self = Path.of("/proc/self");
        try {
            return new Tools(
                    USUAL,
                    ((Number) Files.getAttribute(self, "unix:uid")).longValue(),
                    ((Number) Files.getAttribute(self, "unix:gid")).longValue());
        } catch (IOException | UnsupportedOperationException e) {
            throw new IllegalStateException("this runtime needs Linux with /proc mounted", e);
        }
    }

    boolean root() {
        return uid == 0;
    }

    /** Path of a program. */
    Optional<String> find(String program) {
        return folders.stream()
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }

    /** @throws ContainerException {@code INVALID}, naming what is missing and for what */
    String require(String program, String purpose) throws ContainerException {
        return find(program)
                .orElseThrow(() -> new ContainerException(
                        Code.INVALID, purpose + " needs the program " + program + " (util-linux), which is not here"));
    }

    String shell() {
        return find("sh").orElse("/bin/sh");
    }

    /** Command that gives the disk space of a file's first bytes back; their number and the file are added. */
    List<String> punch() {
        return find("fallocate")
                .map(fallocate -> List.of(fallocate, "--punch-hole", "--offset", "0", "--length"))
                .orElse(List.of());
    }
}
