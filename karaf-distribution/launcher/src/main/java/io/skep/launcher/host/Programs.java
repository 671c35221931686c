package io.skep.launcher.host;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds programs on the search path, and where Debian keeps those that an ordinary user's path lacks. */
public final class Programs {

    private Programs() {}

    /** What a program prints, its warnings left out; empty when it isn't there, fails, or takes longer than {@code limit}. */
    public static Optional<String> output(Duration limit, String... command) {
        return run(limit, command).filter(end -> end.code() == 0).map(End::text);
    }

    /** The same, however the program ends. */
    static Optional<String> said(Duration limit, String... command) {
        return run(limit, command).map(End::text);
    }

    private record End(int code, String text) {}

    private static Optional<End> run(Duration limit, String... command) {
        Optional<Path> program = find(command[0]);
        if (program.isEmpty()) {
            return Optional.empty();
        }
        List<String> line = new ArrayList<>(List.of(command));
        line.set(0, program.get().toString());
        try {
            Process process = new ProcessBuilder(line)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Optional.of(new End(process.exitValue(), text));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    public static Optional<Path> find(String name) {
        String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin" + File.pathSeparator
                + "/sbin";
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
