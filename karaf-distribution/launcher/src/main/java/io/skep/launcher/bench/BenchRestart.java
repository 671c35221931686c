package io.skep.launcher.bench;

import io.skep.launcher.command.KubeApi;
import io.skep.launcher.command.UpCommand;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Jvm;
import io.skep.launcher.instance.Monitor;
import io.skep.launcher.instance.Ports;
import io.skep.launcher.instance.Role;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The node's process and its app are killed with -9 and only the node is started again, the cloud being gone: until the
 * app answers on its port. The app is the smallest server a JVM can be, {@link BenchApp}.
 */
final class BenchRestart {

    private static final String POD = "bench-app";
    private static final int RUNS = 5;
    private static final double NANOS_PER_MILLI = 1e6;

    private BenchRestart() {}

    static List<BenchFigure> run(BenchCluster cluster) {
        int port = Ports.freePort();
        KubeApi api = cluster.api();
        String jar = cluster.edge()
                .home()
                .distribution()
                .resolve("lib/skep/launcher.jar")
                .toString();
        api.apply(cluster.pod(
                POD,
                Jvm.java(),
                "-Xmx16m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                jar,
                BenchApp.class.getName(),
                Integer.toString(port)));
        BenchCluster.await("the app", () -> pid(port) != 0);
        kill(cluster.cloud());
        List<Double> served = new ArrayList<>();
        List<Double> cpu = new ArrayList<>();
        for (int run = 0; run < RUNS; run++) {
            long app = pid(port);
            kill(cluster.edge());
            ProcessHandle.of(app).ifPresent(BenchRestart::kill);
            long start = System.nanoTime();
            cluster.restartEdge();
            BenchCluster.await("the app after a restart", () -> pid(port) != 0);
            served.add((System.nanoTime() - start) / NANOS_PER_MILLI);
            cpu.add(cpuMillis(cluster.edge()));
            Monitor monitor = new Monitor(cluster.edge());
            BenchCluster.await("the node after a restart", monitor::ready);
        }
        UpCommand.start(cluster.cloud(), Role.CLOUD, List.of(), BenchCluster.LIMIT);
        return List.of(
                new BenchFigure("killed node restarted offline, app serves", BenchFigure.median(served), "ms"),
                new BenchFigure("processor time of the node until then", BenchFigure.median(cpu), "ms"));
    }

    /** Asks the app for its process; 0 while nobody answers. */
    private static long pid(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            socket.setSoTimeout(2_000);
            return Long.parseLong(
                    new String(socket.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII)
                            .strip());
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static double cpuMillis(Instance instance) {
        return instance.process()
                .flatMap(p -> p.info().totalCpuDuration())
                .map(Duration::toMillis)
                .orElse(0L);
    }

    private static void kill(Instance instance) {
        instance.process().ifPresent(BenchRestart::kill);
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        Waiting.until(Duration.ofSeconds(5), () -> !process.isAlive());
    }
}
