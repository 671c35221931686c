package io.skep.edged.internal.node;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads what the machine is and how it fares from {@code /proc}, {@code /etc} and the file system; blocks on the disk. */
public final class Machine {

    /** An address of TEST-NET-1: choosing a route to it sends nothing. */
    private static final InetSocketAddress ELSEWHERE = new InetSocketAddress("192.0.2.1", 9);

    private final Path root;
    private final Path data;

    /** {@code data} lies on the file system that is measured. */
    public Machine(Path data) {
        this(Path.of("/"), data);
    }

    Machine(Path root, Path data) {
        this.root = root;
        this.data = data;
    }

    /**
     * What never changes while it runs.
     *
     * @param machineId of {@code /etc/machine-id}
     * @param bootId changes with each start of the kernel
     * @param kernel its version
     * @param osImage the distribution's name
     * @param architecture in Go's words
     * @param cpus processors
     */
    public record Facts(
            String machineId, String bootId, String kernel, String osImage, String architecture, int cpus) {}

    /**
     * How it fares.
     *
     * @param memoryBytes main memory
     * @param memoryFreeBytes what can be had without swapping
     * @param diskBytes size of the file system of the data folder
     * @param diskFreeBytes what is free of it
     * @param pids processes and threads there may be
     * @param pidsUsed those there are
     */
    public record Load(
            long memoryBytes, long memoryFreeBytes, long diskBytes, long diskFreeBytes, long pids, long pidsUsed) {}

    public Facts facts() {
        String machineId = line("etc/machine-id");
        return new Facts(
                machineId.isEmpty() ? line("var/lib/dbus/machine-id") : machineId,
                line("proc/sys/kernel/random/boot_id"),
                System.getProperty("os.version"),
                osImage(),
                architecture(System.getProperty("os.arch")),
                Runtime.getRuntime().availableProcessors());
    }

    public Load load() {
        String memory = text("proc/meminfo");
        long total = kib(memory, "MemTotal");
        long disk = 0;
        long free = 0;
        try {
            FileStore store = Files.getFileStore(existing(data));
            disk = store.getTotalSpace();
            free = store.getUsableSpace();
        } catch (IOException e) {
            // Not measurable: zero of zero shows no pressure.
            disk = 0;
        }
        return new Load(total, kib(memory, "MemAvailable"), disk, free, mostThreads(), threads());
    }

    /** As kubelet has it, {@code pkg/kubelet/stats/pidlimit/pidlimit_linux.go}. */
    private long mostThreads() {
        return Stream.of("proc/sys/kernel/pid_max", "proc/sys/kernel/threads-max")
                .mapToLong(file -> number(line(file)))
                .filter(limit -> limit > 0)
                .min()
                .orElse(0);
    }

    /** The node's addresses: the one that leads elsewhere first; loopback when there is no other. */
    public List<String> addresses() {
        List<String> found = new ArrayList<>();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(ELSEWHERE);
            InetAddress local = socket.getLocalAddress();
            if (!local.isAnyLocalAddress() && !local.isLoopbackAddress()) {
                found.add(local.getHostAddress());
            }
        } catch (IOException | java.io.UncheckedIOException e) {
            // No route out: the interfaces are asked below.
            found.clear();
        }
        if (found.isEmpty()) {
            found.addAll(interfaces());
        }
        return found.isEmpty() ? List.of("127.0.0.1") : List.of(found.get(0));
    }

    private static List<String> interfaces() {
        List<String> found = new ArrayList<>();
        try {
            for (NetworkInterface card : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                if (card.isUp() && !card.isLoopback()) {
                    Collections.list(card.getInetAddresses()).stream()
                            .filter(Inet4Address.class::isInstance)
                            .map(InetAddress::getHostAddress)
                            .forEach(found::add);
                }
            }
        } catch (SocketException e) {
            return List.of();
        }
        return found;
    }

    private String osImage() {
        Matcher name = Pattern.compile("(?m)^PRETTY_NAME=\"?([^\"\\n]*)\"?$").matcher(text("etc/os-release"));
        return name.find() ? name.group(1) : System.getProperty("os.name");
    }

    private static String architecture(String java) {
        return switch (java.toLowerCase(Locale.ROOT)) {
            case "x86_64", "amd64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case "arm" -> "arm";
            default -> java;
        };
    }

    private long threads() {
        String[] parts = line("proc/loadavg").split("[ /]");
        return parts.length > 4 ? number(parts[4]) : 0;
    }

    private static long kib(String meminfo, String field) {
        Matcher line = Pattern.compile("(?m)^" + field + ":\\s+(\\d+) kB$").matcher(meminfo);
        return line.find() ? number(line.group(1)) << 10 : 0;
    }

    private static Path existing(Path path) {
        Path there = path;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private static long number(String text) {
        return text.isEmpty() || !text.chars().allMatch(Character::isDigit) ? 0 : Long.parseLong(text);
    }

    private String line(String file) {
        return text(file).strip();
    }

    private String text(String file) {
        // Not by Files.readString, which reads one byte of what has no length and the rest by another call: of a
        // number below /proc/sys the kernel gives nothing more to who asked for a part of it.
        try (InputStream in = Files.newInputStream(root.resolve(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
