package io.skep.launcher.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.launcher.command.KubeApi;
import io.skep.launcher.command.StatusCommand;
import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.Waiting;
import io.skep.launcher.instance.Instance;
import io.skep.launcher.instance.Monitor;
import io.skep.launcher.instance.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Modules of node and cloud are replaced, and replaced by bad versions, in the middle of a storm. At the end nothing may be
 * lost, doubled or out of order, no link dropped, no pod touched.
 */
final class BenchSwap {

    private static final int MESSAGES_A_SECOND = 5_000;
    private static final int CHANGES_A_SECOND = 200;
    private static final double MEBIBYTE = 1 << 20;
    // Code that has not run yet is slow, and so is what is beside it: a storm that has just begun is no measure.
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    // As long as Karaf keeps the threads of shell sessions that are over.
    private static final Duration SETTLED = Duration.ofSeconds(75);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final List<String> SETTINGS = List.of("io.skep.bus:gate.seconds=3", "io.skep.bus:drain.seconds=2");

    private final BenchCluster cluster;
    private final int times;
    private final long seed;
    private final List<BenchFigure> figures = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> overBudget = new ArrayList<>();

    /** @param times how often each module is replaced */
    BenchSwap(BenchCluster cluster, int times, long seed) {
        this.cluster = cluster;
        this.times = times;
        this.seed = seed;
    }

    /** What the oracle finds fault with; nothing is as it should be. */
    List<String> faults() {
        return faults;
    }

    /** Which modules' messages waited longer than they may. */
    List<String> overBudget() {
        return overBudget;
    }

    List<BenchFigure> run() {
        System.err.println("bench swap: seed " + seed + ", each module " + times + " times");
        cluster.configure(SETTINGS);
        KubeApi api = cluster.api();
        Instance edge = cluster.edge();
        Instance cloud = cluster.cloud();
        Path folder = folder(edge);
        SwapJar jars = new SwapJar(edge.home().distribution().resolve("system"), folder, folder);
        BenchCluster.shell(edge, "feature:install", "edge-bench");
        BenchCluster.shell(edge, "edge:module-install", jars.sink(1).toString());
        SwapPods pods = new SwapPods(cluster);
        pods.create();
        NodeWitness witness = new NodeWitness(
                edge.process().orElseThrow().pid(),
                Integer.parseInt(
                        cloud.setting("io.skep.cloudhub", "websocket.port").orElseThrow()));
        Set<String> links = witness.links();
        Map<String, String> processes = NodeWitness.processes(pods.commands());
        check(links.size() == 1, "the node has " + links.size() + " connections to the hub before the storm");
        check(processes.size() == SwapPods.PODS, "only " + processes.size() + " pods have a process before the storm");
        SwapStream stream = new SwapStream(cluster);
        stream.begin();
        memory("before");

        Path end = folder.resolve("end");
        CompletableFuture<JsonNode> storm = CompletableFuture.supplyAsync(() -> storm(edge, end));
        SwapChanges changes = new SwapChanges(api, CHANGES_A_SECOND);
        changes.begin();
        settle(WARM_UP);
        Random random = new Random(seed);
        List<SwapRun> runs = List.of(
                new SwapRun(SwapPlan.of(targets(edge), times, random), jars),
                new SwapRun(SwapPlan.of(targets(cloud), times, random), jars));
        List<Thread> lanes = runs.stream().map(BenchSwap::begin).toList();
        int dropped = watch(lanes, runs, witness, links);
        changes.end();
        stream.end();
        touch(end);
        JsonNode sent = storm.join();
        Waiting.until(BenchCluster.LIMIT, () -> SwapOracle.complete(sent.path("senders"), jars.arrived()));

        runs.forEach(run -> faults.addAll(run.faults()));
        faults.addAll(stream.faults(runs.stream()
                .mapToInt(run -> run.count("edgestream", "cloudstream"))
                .sum()));
        faults.addAll(changes.failures());
        faults.addAll(SwapOracle.messages(sent.path("senders"), jars.arrived()));
        faults.addAll(SwapOracle.questions(sent.path("questions")));
        check(dropped == 0, "the node's connection to the hub was another, or not there, " + dropped + " times");
        check(!Files.exists(jars.misdelivered()), "bad versions were given messages: see " + jars.misdelivered());
        compare(processes, NodeWitness.processes(pods.commands()));
        faults.addAll(new SwapArrivals(edge, api).faults(changes));
        rates(sent, changes);
        figures.addAll(stream.figures());
        runs.forEach(run -> run.pauses().forEach(this::pauses));
        settle(SETTLED);
        memory("after");
        pods.removeMaps();
        return figures;
    }

    static void settle(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Waiting.until(BenchCluster.LIMIT, () -> System.nanoTime() > end);
    }

    private static List<SwapTarget> targets(Instance instance) {
        List<SwapTarget> targets = new ArrayList<>(modules(instance));
        if (instance.role() == Role.EDGE) {
            targets.add(new SwapTarget(instance, SwapJar.SINK_MODULE, SwapJar.SINK_BUNDLE));
        }
        return targets;
    }

    /** What is replaced of an instance: its modules, and the shell by which that is done. */
    static List<SwapTarget> modules(Instance instance) {
        List<SwapTarget> all = new ArrayList<>();
        if (instance.role() == Role.CLOUD) {
            all.add(new SwapTarget(instance, "cloudhub", "cloudhub"));
            all.add(new SwapTarget(instance, "edgecontroller", "edgecontroller"));
            all.add(new SwapTarget(instance, "cloudStream", "cloudstream"));
        } else {
            all.add(new SwapTarget(instance, "websocket", "edgehub"));
            all.add(new SwapTarget(instance, "metamanager", "metamanager"));
            all.add(new SwapTarget(instance, "edged", "edged"));
            all.add(new SwapTarget(instance, "edgestream", "edgestream"));
            all.add(new SwapTarget(instance, "", "shell"));
        }
        return all;
    }

    private static Path folder(Instance edge) {
        try {
            return Files.createDirectories(edge.data().resolve("bench-swap"));
        } catch (IOException e) {
            throw new LauncherException("cannot make a folder for the bench: " + e, e);
        }
    }

    private static JsonNode storm(Instance edge, Path end) {
        String answer = BenchCluster.shell(edge, "bench:storm", Integer.toString(MESSAGES_A_SECOND), end.toString());
        return BenchCluster.tree(answer.substring(answer.indexOf('{'), answer.lastIndexOf('}') + 1));
    }

    private static Thread begin(SwapRun run) {
        Thread thread = new Thread(run, "bench-swap");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static int watch(List<Thread> lanes, List<SwapRun> runs, NodeWitness witness, Set<String> links) {
        int dropped = 0;
        int shown = 0;
        while (lanes.stream().anyMatch(Thread::isAlive)) {
            dropped += witness.links().equals(links) ? 0 : 1;
            int done = runs.stream().mapToInt(SwapRun::done).sum();
            if (done >= shown + 10) {
                shown = done;
                System.err.println("bench swap: " + done + " replacements");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        return dropped;
    }

    private static void touch(Path file) {
        try {
            Files.createFile(file);
        } catch (IOException e) {
            throw new LauncherException("cannot end the storm: " + e, e);
        }
    }

    private void check(boolean right, String fault) {
        if (!right) {
            faults.add(fault);
        }
    }

    private void compare(Map<String, String> before, Map<String, String> after) {
        before.forEach((command, process) -> check(
                process.equals(after.get(command)),
                "the pod of '" + command + "' was process " + process + " and is " + after.get(command)));
    }

    private void rates(JsonNode sent, SwapChanges changes) {
        long taken = 0;
        long refused = 0;
        for (JsonNode sender : sent.path("senders")) {
            taken += sender.path("taken").asLong();
            refused += sender.path("refused").asLong();
        }
        figures.add(new BenchFigure("messages inside the node", taken, ""));
        figures.add(new BenchFigure("of them a second", taken / changes.seconds(), "msg/s"));
        figures.add(new BenchFigure("of them refused at first", refused, ""));
        figures.add(new BenchFigure("ConfigMap changes", changes.rate(), "/s"));
        for (JsonNode each : sent.path("questions")) {
            figures.add(new BenchFigure(
                    "longest wait for " + each.path("module").asText(),
                    each.path("longestMillis").asDouble(),
                    "ms"));
        }
    }

    private void pauses(String bundle, List<Double> pauses) {
        List<Double> sorted = pauses.stream().sorted().toList();
        figures.add(new BenchFigure("pause of " + bundle + ", p50", sorted.get(sorted.size() / 2), "ms"));
        double most = sorted.get((int) Math.ceil(sorted.size() * 0.99) - 1);
        figures.add(new BenchFigure("pause of " + bundle + ", p99", most, "ms"));
        if (most > BenchBudget.pauseMillis(bundle)) {
            overBudget.add(String.format(
                    "pause of %s, p99: %.0f ms, %d ms are allowed", bundle, most, BenchBudget.pauseMillis(bundle)));
        }
    }

    private void memory(String when) {
        for (Instance instance : List.of(cluster.edge(), cluster.cloud())) {
            Monitor monitor = new Monitor(instance);
            long pid = instance.process().map(ProcessHandle::pid).orElse(0L);
            String what = instance.role().id() + " " + when + ": ";
            figures.add(new BenchFigure(what + "resident", StatusCommand.residentMegabytes(pid), "MiB"));
            figures.add(new BenchFigure(
                    what + "heap used", monitor.metric("jvm_memory_used_bytes{area=\"heap\"}") / MEBIBYTE, "MiB"));
            figures.add(new BenchFigure(what + "threads", monitor.metric("jvm_threads_current"), ""));
            figures.add(new BenchFigure(what + "classes", monitor.metric("jvm_classes_currently_loaded"), ""));
        }
    }
}
