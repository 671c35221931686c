package io.skep.itests.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs programs to their end. */
public final class Commands {

    private Commands() {}

    /** How a program ended. */
    public record Outcome(int code, String out, String err) {

        /** Both streams, for a failure's text. */
        public String all() {
            return out + err;
        }
    }

    /** Runs a command in {@code folder} with its output in files, so that nothing it leaves behind can hold us. */
    static Outcome run(Path folder, Duration limit, Map<String, String> environment, List<String> command) {
        return run(folder, limit, environment, command, Path.of("/dev/null"));
    }

    /** Runs a command that reads {@code input}. */
    static Outcome run(Path folder, Duration limit, Map<String, String> environment, List<String> command, Path input) {
        try {
            Path out = Files.createTempFile(folder, "out", ".txt");
            Path err = Files.createTempFile(folder, "err", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(input.toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("not done within " + limit.toSeconds() + " s: " + String.join(" ", command)
                        + "\n" + Files.readString(out) + Files.readString(err));
            }
            Outcome outcome = new Outcome(process.exitValue(), Files.readString(out), Files.readString(err));
            Files.delete(out);
            Files.delete(err);
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
