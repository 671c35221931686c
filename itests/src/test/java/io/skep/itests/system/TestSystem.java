package io.skep.itests.system;

import io.skep.itests.system.Commands.Outcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** Instances of the distribution in a folder of their own below {@code target/systems}, on free ports. */
public final class TestSystem implements AutoCloseable {

    private static final int PORTS = 3000;
    private static final int FIRST_PORT = 20_000 + PORTS * Integer.getInteger("skep.tests.fork", 1);
    private static final AtomicInteger nextPort = new AtomicInteger(FIRST_PORT);
    private static final Path SYSTEMS = Path.of("target", "systems").toAbsolutePath();
    private static final Duration COMMAND_LIMIT = Duration.ofSeconds(180);

    private final Path folder;
    private final Map<String, RunningRole> roles = new LinkedHashMap<>();

    private TestSystem(Path folder) {
        this.folder = folder;
    }

    /** A fresh one; what an earlier run left below its folder is removed. */
    public static TestSystem fresh(String name) {
        try {
            Path folder = SYSTEMS.resolve(name);
            delete(folder);
            Files.createDirectories(folder);
            // Class-data archives are made once for all systems.
            Path archives = Files.createDirectories(SYSTEMS.resolve("archives"));
            Files.createSymbolicLink(folder.resolve(".archive"), archives);
            return new TestSystem(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A port nobody listens on now, and another one each time. It is none of those the kernel gives to outgoing
     * connections, which could take it before the instance does; tests that run beside each other have a range each.
     */
    public static int freePort() {
        int port = nextPort.getAndIncrement();
        if (port >= FIRST_PORT + PORTS) {
            throw new IllegalStateException("no port is free from " + FIRST_PORT + " on");
        }
        return isFree(port) ? port : freePort();
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port)) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the instances are. */
    public Path folder() {
        return folder;
    }

    /** Takes charge of an instance that somebody else makes here. */
    public void adopt(String name) {
        roles.put(name, new RunningRole(this, name));
    }

    /** Starts a cloud and waits until it is ready. */
    public RunningRole cloud(String name) {
        RunningRole cloud = new RunningRole(this, name);
        roles.put(name, cloud);
        List<String> command = new ArrayList<>(List.of("up", "cloud", "--name", name, "--timeout", "120"));
        command.addAll(cloud.freshPorts());
        expectSuccess(command);
        return cloud;
    }

    /** Makes a node of {@code cloud} and waits until it is ready. */
    public RunningRole edge(String name, RunningRole cloud, String node) {
        return edge(name, cloud, node, List.of());
    }

    /** Makes a node with settings of its own, as {@code --set} takes them, and waits until it is ready. */
    public RunningRole edge(String name, RunningRole cloud, String node, List<String> settings) {
        RunningRole edge = new RunningRole(this, name);
        Outcome outcome = join(edge, cloud, node, cloud.api().token(), Duration.ofSeconds(120), settings);
        if (outcome.code() != 0) {
            throw new AssertionError("join failed: " + outcome.all() + edge.lastLines());
        }
        return edge;
    }

    /** Makes a node with any token, and waits at most {@code limit} for it to be ready. */
    public Outcome join(RunningRole edge, RunningRole cloud, String node, String token, Duration limit) {
        return join(edge, cloud, node, token, limit, List.of());
    }

    private Outcome join(
            RunningRole edge, RunningRole cloud, String node, String token, Duration limit, List<String> settings) {
        roles.put(edge.name(), edge);
        List<String> command = new ArrayList<>(List.of("join", "127.0.0.1:" + cloud.hubPort()));
        command.addAll(List.of("--certport", Integer.toString(cloud.enrolmentPort()), "--token", token));
        command.addAll(List.of("--name", edge.name(), "--node", node));
        command.addAll(List.of("--timeout", Long.toString(limit.toSeconds())));
        command.addAll(edge.freshPorts());
        command.addAll(List.of("--set", "io.skep.edgestream:server=127.0.0.1:" + cloud.tunnelPort()));
        settings.forEach(setting -> command.addAll(List.of("--set", setting)));
        return skep(command);
    }

    /** Runs a verb of the launcher. */
    public Outcome skep(List<String> arguments) {
        return Commands.run(folder, COMMAND_LIMIT, Map.of(), launcher(folder, arguments));
    }

    void expectSuccess(List<String> arguments) {
        Outcome outcome = skep(arguments);
        if (outcome.code() != 0) {
            throw new AssertionError(
                    "skep " + String.join(" ", arguments) + " ended with " + outcome.code() + ": " + outcome.all());
        }
    }

    /** The command line of the launcher, as the script {@code skep} builds it. */
    static List<String> launcher(Path data, List<String> arguments) {
        Path home = distribution();
        List<String> command = new ArrayList<>(List.of(
                java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dskep.home=" + home,
                "-Dskep.data=" + data,
                "-cp",
                home.resolve("lib/skep") + "/*",
                "io.skep.launcher.Main"));
        command.addAll(arguments);
        return command;
    }

    /** The unpacked distribution under test. */
    static Path distribution() {
        return Path.of(System.getProperty("skep.distribution", "../karaf-distribution/target/assembly"))
                .toAbsolutePath()
                .normalize();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Stops every process of this system by its pid: nodes first, then what their pods left, then clouds. */
    @Override
    public void close() {
        List<RunningRole> all = new ArrayList<>(roles.values());
        for (int i = all.size() - 1; i >= 0; i--) {
            all.get(i).kill();
        }
        Pods.killBelow(folder);
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Pods.killBelow(folder);
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
                Files.deleteIfExists(file);
            }
        }
    }
}
