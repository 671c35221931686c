package io.skep.runtime.api.machine;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A program of the machine that does one thing and ends, as mount(8): without a shell, without input, in an environment
 * that does not depend on ours. Thread-safe.
 */
public final class MachineProgram {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_TEXT = 1000;
    private static final List<Path> FOLDERS =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/sbin"), Path.of("/sbin"));
    private static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");

    private final Path file;
    private final Duration limit;

    MachineProgram(Path file, Duration limit) {
        this.file = file;
        this.limit = limit;
    }

    /** The program of this name; empty when the machine has none. */
    public static Optional<MachineProgram> find(String name) {
        return FOLDERS.stream()
                .map(folder -> folder.resolve(name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(file -> new MachineProgram(file, LIMIT));
    }

    /**
     * As {@link #find}, for who can't do without.
     *
     * @throws IOException naming it, when the machine has none
     */
    public static MachineProgram of(String name) throws IOException {
        return find(name).orElseThrow(() -> new IOException("the node has no program " + name));
    }

    /**
     * Runs it to its end. Blocks, for ten seconds at most; one that is not done by then is ended, and so is one that says
     * more than a pipe holds.
     *
     * @param what is done, as a failure names it
     * @throws IOException naming {@code what}, with the exit status and the first 1,000 bytes of what the program says
     */
    public void run(String what, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(file.toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        Process process = builder.start();
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException(what + ": not done after " + limit.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException(what + ": exit status " + process.exitValue() + ": " + said(process));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(what + ": interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String said(Process ended) throws IOException {
        byte[] text = ended.getInputStream().readNBytes(MOST_TEXT);
        return new String(text, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    }
}
