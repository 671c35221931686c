package io.skep.itests.system;

import io.skep.itests.system.Commands.Outcome;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One kubectl program, used against one cloud without a flag: the kubeconfig is all it is told. */
public record Kubectl(Path program, Path kubeconfig, Path home) {

    private static final Duration LIMIT = Duration.ofSeconds(120);

    /** Those on the search path, and those {@code -Dskep.kubectl} names, separated as on a search path. */
    public static List<Path> programs() {
        Stream<Path> named = Stream.of(System.getProperty("skep.kubectl", "").split(File.pathSeparator))
                .filter(p -> !p.isBlank())
                .map(Path::of);
        Stream<Path> found = Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "kubectl"));
        return Stream.concat(named, found)
                .filter(Files::isExecutable)
                .map(Kubectl::real)
                .distinct()
                .toList();
    }

    private static Path real(Path program) {
        try {
            return program.toRealPath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it to its end. */
    public Outcome run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        return Commands.run(home, LIMIT, environment(), command);
    }

    /** Runs it to its end, with something typed. */
    public Outcome runTyping(String typed, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        try {
            Path input = Files.writeString(Files.createTempFile(home, "in", ".txt"), typed);
            return Commands.run(home, LIMIT, environment(), command, input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it to its end on a terminal of that size, with something typed. The words are a shell's: no quotes, no blanks. */
    public Outcome runOnTerminal(int columns, int rows, String typed, String... arguments) {
        String line =
                "stty cols " + columns + " rows " + rows + "; exec " + program + " " + String.join(" ", arguments);
        try {
            Path input = Files.writeString(Files.createTempFile(home, "in", ".txt"), typed);
            return Commands.run(home, LIMIT, environment(), List.of("script", "-qec", line, "/dev/null"), input);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs it, and expects it to succeed. */
    public String ok(String... arguments) {
        Outcome outcome = run(arguments);
        if (outcome.code() != 0) {
            throw new AssertionError(
                    "kubectl " + String.join(" ", arguments) + " ended with " + outcome.code() + ": " + outcome.all());
        }
        return outcome.out();
    }

    /** Runs it, and expects it to be refused. */
    public String refused(String... arguments) {
        Outcome outcome = run(arguments);
        if (outcome.code() == 0) {
            throw new AssertionError("kubectl " + String.join(" ", arguments) + " was not refused: " + outcome.all());
        }
        return outcome.err();
    }

    /** Starts it with its output in {@code file}; the caller ends it. */
    public Process start(Path file, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(arguments));
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.toFile());
            builder.environment().putAll(environment());
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> environment() {
        return Map.of("KUBECONFIG", kubeconfig.toString(), "HOME", home.toString());
    }

    @Override
    public String toString() {
        return program.toString();
    }
}
