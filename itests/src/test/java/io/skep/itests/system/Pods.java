package io.skep.itests.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Processes of pods, which outlive the JVM that started them. */
public final class Pods {

    private Pods() {}

    /**
     * A script that notes its own pid in {@code file}, a line a start, and then runs on. One line at the end means that the
     * pod never was started again. Kubernetes makes one {@code $} of two.
     */
    public static String notingPid(Path file) {
        return "echo $$$$ >> " + file + "; exec sleep 86400";
    }

    /** The pids noted so far. */
    public static List<String> pids(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the process the file tells of lives. */
    public static boolean alive(Path file) {
        List<String> pids = pids(file);
        return !pids.isEmpty()
                && ProcessHandle.of(Long.parseLong(pids.get(pids.size() - 1).strip()))
                        .filter(ProcessHandle::isAlive)
                        .isPresent();
    }

    /** Kills processes that name a path below {@code folder} in their command line or environment: pods and their keepers. */
    static void killBelow(Path folder) {
        long own = ProcessHandle.current().pid();
        ProcessHandle.allProcesses()
                .filter(p -> p.pid() != own && mentions(p.pid(), folder + "/"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    private static boolean mentions(long pid, String text) {
        return Stream.of("cmdline", "environ").anyMatch(file -> {
            try {
                byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), file));
                return new String(bytes, StandardCharsets.ISO_8859_1).contains(text);
            } catch (IOException e) {
                return false;
            }
        });
    }
}
