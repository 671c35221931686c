package io.skep.launcher.host;

import io.skep.launcher.instance.Instance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process that has ended, and whose parent never asks for its code.
 *
 * @param parent sleeps until this is closed
 * @param process the one that has ended
 */
public record Unreaped(Process parent, ProcessHandle process) implements AutoCloseable {

    public static Unreaped make() throws IOException {
        Process parent = new ProcessBuilder("sh", "-c", "sh -c 'echo $$' & exec sleep 600 >&-").start();
        String pid = new String(parent.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
        Unreaped unreaped =
                new Unreaped(parent, ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
        Path stat = Path.of("/proc", pid, "stat");
        if (!Waiting.until(Duration.ofSeconds(30), () -> Instance.read(stat).contains(") Z "))) {
            unreaped.close();
            throw new IOException(Files.readString(stat));
        }
        return unreaped;
    }

    @Override
    public void close() {
        parent.destroyForcibly();
    }
}
