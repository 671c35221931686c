package io.skep.launcher.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the kernel says of a node: its connections to the cloud, and its pods' processes. */
final class NodeWitness {

    private static final Path PROC = Path.of("/proc");
    private static final String ESTABLISHED = "01";
    private static final int REMOTE = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int START_TIME_AFTER_NAME = 19;

    private final long pid;
    private final int port;

    /** @param port of the cloud's hub */
    NodeWitness(long pid, int port) {
        this.pid = pid;
        this.port = port;
    }

    /** The sockets by which the node's process is connected to the hub, by inode: one that is opened anew has another. */
    Set<String> links() {
        Set<String> own = new HashSet<>();
        for (Path descriptor : list(PROC.resolve(pid + "/fd"))) {
            String target = link(descriptor);
            if (target.startsWith("socket:[")) {
                own.add(target.substring("socket:[".length(), target.length() - 1));
            }
        }
        Set<String> found = new HashSet<>();
        for (String table : List.of("tcp", "tcp6")) {
            for (String line : lines(PROC.resolve("net").resolve(table))) {
                String[] fields = line.trim().split("\\s+");
                if (fields.length > INODE
                        && fields[STATE].equals(ESTABLISHED)
                        && fields[REMOTE].endsWith(String.format(":%04X", port))
                        && own.contains(fields[INODE])) {
                    found.add(fields[INODE]);
                }
            }
        }
        return found;
    }

    /** Processes whose command line is one of {@code commands}: pid and start time in clock ticks, by command line. */
    static Map<String, String> processes(Set<String> commands) {
        Map<String, String> found = new TreeMap<>();
        for (Path process : list(PROC)) {
            String command = text(process.resolve("cmdline")).replace('\0', ' ').strip();
            if (commands.contains(command)) {
                String stat = text(process.resolve("stat"));
                // The name stands in brackets and may hold anything.
                String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                found.merge(
                        command,
                        process.getFileName() + " since " + rest[START_TIME_AFTER_NAME],
                        (a, b) -> a + ", " + b);
            }
        }
        return found;
    }

    private static List<Path> list(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.toList();
        } catch (IOException | UncheckedIOException e) {
            return List.of(); // a process that ended a moment ago
        }
    }

    private static String link(Path path) {
        try {
            return Files.readSymbolicLink(path).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<String> lines(Path path) {
        return text(path).lines().toList();
    }

    private static String text(Path path) {
        // In one piece: Files.readAllBytes reads one byte of what has no length, and the rest by another call.
        try (InputStream in = Files.newInputStream(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
