package io.skep.launcher.bench;

import io.skep.launcher.command.ShellCommand;
import io.skep.launcher.host.LauncherException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Each module is upgraded many times; afterwards only one class loader a bundle may be left, and metaspace as before. */
final class BenchLeaks {

    /** First changes of a kind load classes and fill caches; what they leave is no leak. */
    private static final int WARM_UP = 3;

    /** Upgrades asked for in one session of the shell. */
    private static final int AT_A_TIME = 20;

    /** In hundredths, how far metaspace may go up: there is some waste in it that comes and goes. */
    private static final int METASPACE_SLACK = 5;

    // As long as Karaf keeps the threads of shell sessions that are over.
    private static final Duration SETTLED = Duration.ofSeconds(75);
    private static final String POD = "bench-leaks";

    private final BenchCluster cluster;
    private final int times;
    private final List<BenchFigure> figures = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    /** @param times how often each module is upgraded */
    BenchLeaks(BenchCluster cluster, int times) {
        this.cluster = cluster;
        this.times = times;
    }

    /** What was left behind. */
    List<String> faults() {
        return faults;
    }

    List<BenchFigure> run() {
        cluster.api().apply(cluster.pod(POD, "sleep", "100000"));
        try (PodWatch watch = new PodWatch(cluster.api(), BenchCluster.PODS)) {
            BenchCluster.await("the pod", () -> watch.runningSince(POD) != 0);
        }
        Map<SwapTarget, Path> targets = List.of(cluster.edge(), cluster.cloud()).stream()
                .flatMap(instance -> BenchSwap.modules(instance).stream())
                .collect(Collectors.toMap(target -> target, this::jar));
        targets.forEach((target, jar) -> upgrade(target, jar, WARM_UP));
        BenchSwap.settle(SETTLED);
        JvmProbe edge = new JvmProbe(cluster.edge());
        JvmProbe cloud = new JvmProbe(cluster.cloud());
        long loadersOfEdge = edge.held().loaders();
        long loadersOfCloud = cloud.held().loaders();
        long metaspaceOfEdge = edge.metaspace();
        long metaspaceOfCloud = cloud.metaspace();
        targets.forEach((target, jar) -> {
            System.err.println("bench leaks: " + target.bundle());
            for (int left = times; left > 0; left -= AT_A_TIME) {
                upgrade(target, jar, Math.min(left, AT_A_TIME));
            }
        });
        BenchSwap.settle(SETTLED);
        compare("edge", edge, loadersOfEdge, metaspaceOfEdge);
        compare("cloud", cloud, loadersOfCloud, metaspaceOfCloud);
        return figures;
    }

    private Path jar(SwapTarget target) {
        Path system = target.instance().home().distribution().resolve("system");
        try {
            Path folder = Files.createDirectories(target.instance().data().resolve("bench-leaks"));
            return new SwapJar(system, folder, folder).make(target, SwapVersion.GOOD, 1);
        } catch (IOException e) {
            throw new LauncherException("cannot make a folder for the bench: " + e, e);
        }
    }

    private void upgrade(SwapTarget target, Path jar, int count) {
        String one = target.isModule()
                ? "edge:module-upgrade " + target.module() + " " + jar
                : "bundle:update " + target.symbolicName() + " " + jar.toUri();
        String all = IntStream.range(0, count).mapToObj(i -> one).collect(Collectors.joining(" ; "));
        ShellCommand.Answer answer = ShellCommand.ask(target.instance(), List.of(all.split(" ")));
        if (answer.code() != 0) {
            faults.add("upgrade of " + target.bundle() + " failed: "
                    + answer.text().strip());
        }
    }

    private void compare(String role, JvmProbe probe, long loaders, long metaspace) {
        JvmProbe.Held held = probe.held();
        long after = probe.metaspace();
        figures.add(new BenchFigure(role + ": class loaders of bundles before", loaders, ""));
        figures.add(new BenchFigure(role + ": class loaders of bundles after", held.loaders(), ""));
        figures.add(new BenchFigure(role + ": metaspace before", metaspace, "KiB"));
        figures.add(new BenchFigure(role + ": metaspace after", after, "KiB"));
        // A loader that was left before the first look counts, too, and its bundle's objects show it.
        if (held.loaders() > loaders || !held.twice().isEmpty()) {
            Set<String> packages = held.twice().keySet().stream()
                    .map(type -> type.substring(0, type.lastIndexOf('.')))
                    .collect(Collectors.toCollection(TreeSet::new));
            faults.add("class loaders of former bundles are left in the " + role + ", " + loaders + " before and "
                    + held.loaders() + " after, with objects of " + packages);
        }
        if (after * 100 > metaspace * (100 + METASPACE_SLACK)) {
            faults.add("metaspace of the " + role + " went up from " + metaspace + " to " + after + " KiB");
        }
    }
}
