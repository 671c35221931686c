package io.skep.runtime.cri.internal;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Asks the machine's systemd over the bus, with the program that comes with it. Thread-safe: nothing is kept. */
final class Busctl implements Slices.Manager {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int MOST_TEXT = 1000;
    private static final List<Path> PROGRAMS = List.of(Path.of("/usr/bin/busctl"), Path.of("/bin/busctl"));
    private static final List<String> MANAGER = List.of(
            "--system",
            "call",
            "org.freedesktop.systemd1",
            "/org/freedesktop/systemd1",
            "org.freedesktop.systemd1.Manager");

    @Override
    public void call(String method, String signature, List<String> arguments) throws IOException {
        String program = PROGRAMS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("the node has no program busctl"))
                .toString();
        run(
                method,
                Stream.of(List.of(program), MANAGER, List.of(method, signature), arguments)
                        .flatMap(List::stream)
                        .toList());
    }

    private static void run(String method, List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(new File("/dev/null")).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C"));
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException("systemd's " + method + ": not done after " + LIMIT.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new IOException("systemd's " + method + ": " + said(process));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("systemd's " + method + ": interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String said(Process ended) throws IOException {
        byte[] text = ended.getInputStream().readNBytes(MOST_TEXT);
        return new String(text, StandardCharsets.UTF_8).strip().replaceAll("\\s+", " ");
    }
}
