package io.skep.launcher.bench;

import io.skep.launcher.command.KubeApi;
import io.skep.launcher.command.StatusCommand;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Monitor;
import java.util.ArrayList;
import java.util.List;

/** Resident memory, heap, threads and classes of both roles, when the start has been digested. */
final class BenchMemory {

    private static final int PROCESSES = 20;
    private static final int CONTAINERS = 60;
    private static final double MEBIBYTE = 1 << 20;

    private BenchMemory() {}

    static List<BenchFigure> run(BenchCluster cluster) {
        KubeApi api = cluster.api();
        List<BenchFigure> figures = new ArrayList<>();
        settle();
        figures.addAll(figures("edge idle", cluster.edge()));
        figures.addAll(figures("cloud with one node", cluster.cloud()));
        int pods = cluster.runtime().containers() ? CONTAINERS : PROCESSES;
        List<String> names = BenchPods.names("bench-memory-", pods);
        try (PodWatch watch = new PodWatch(api, BenchCluster.PODS)) {
            names.forEach(name -> api.apply(cluster.pod(name, "sleep", "100000")));
            names.forEach(name -> BenchCluster.await("pod " + name, () -> watch.runningSince(name) != 0));
        }
        settle();
        figures.addAll(figures("edge with " + pods + " pods", cluster.edge()));
        cluster.remove(names);
        return figures;
    }

    /** As long as the heap needs to be looked at once: see monitor's HeapTrim. */
    private static void settle() {
        long end = System.nanoTime() + java.time.Duration.ofSeconds(75).toNanos();
        Waiting.until(BenchCluster.LIMIT, () -> System.nanoTime() > end);
    }

    private static List<BenchFigure> figures(String state, Instance instance) {
        Monitor monitor = new Monitor(instance);
        long pid = instance.process().map(ProcessHandle::pid).orElse(0L);
        return List.of(
                new BenchFigure(state + ": resident", StatusCommand.residentMegabytes(pid), "MiB"),
                new BenchFigure(
                        state + ": heap used",
                        monitor.metric("jvm_memory_used_bytes{area=\"heap\"}") / MEBIBYTE,
                        "MiB"),
                new BenchFigure(
                        state + ": heap held",
                        monitor.metric("jvm_memory_committed_bytes{area=\"heap\"}") / MEBIBYTE,
                        "MiB"),
                new BenchFigure(state + ": threads", monitor.metric("jvm_threads_current"), ""),
                new BenchFigure(state + ": classes", monitor.metric("jvm_classes_currently_loaded"), ""));
    }
}
