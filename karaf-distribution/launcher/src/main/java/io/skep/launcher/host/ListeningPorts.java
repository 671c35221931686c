package io.skep.launcher.host;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The TCP ports a process listens on, by the kernel's tables; see proc(5), {@code /proc/[pid]/net/tcp}. */
public final class ListeningPorts {

    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private ListeningPorts() {}

    /** Empty when the process is gone or another user's. */
    public static Optional<Set<Integer>> of(long pid) {
        Path process = Path.of("/proc", Long.toString(pid));
        try {
            Set<String> sockets = sockets(process);
            Set<Integer> ports = new HashSet<>();
            for (String table : List.of("tcp", "tcp6")) {
                for (String line : lines(process.resolve("net").resolve(table))) {
                    String[] fields = line.strip().split("\\s+");
                    if (fields[STATE].equals(LISTEN) && sockets.contains("socket:[" + fields[INODE] + "]")) {
                        ports.add(port(fields[LOCAL_ADDRESS]));
                    }
                }
            }
            return Optional.of(ports);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Set<String> sockets(Path process) throws IOException {
        Set<String> sockets = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                try {
                    sockets.add(Files.readSymbolicLink(descriptor).toString());
                } catch (IOException closedMeanwhile) {
                    continue;
                }
            }
        }
        return sockets;
    }

    /** Without the heading. A kernel without IPv6 has no table of it. */
    private static List<String> lines(Path table) throws IOException {
        return Files.exists(table) ? Files.readAllLines(table).stream().skip(1).toList() : List.of();
    }

    private static int port(String hexadecimalAddress) {
        return Integer.parseInt(hexadecimalAddress.substring(hexadecimalAddress.indexOf(':') + 1), 16);
    }
}
