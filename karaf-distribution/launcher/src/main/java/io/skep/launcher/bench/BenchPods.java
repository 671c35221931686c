package io.skep.launcher.bench;

import io.skep.launcher.command.KubeApi;
import io.skep.launcher.instance.Monitor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** From the request that creates a pod until a watch on the API says it is Running; pods that only sleep. With
 * containers also what the engine alone takes for them. */
final class BenchPods {

    private static final int SINGLY = 11;
    private static final int AT_ONCE = 10;
    private static final int SIXTY = 60;
    private static final int RUNS = 3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String PODS = "skep_pods";

    private BenchPods() {}

    static List<BenchFigure> run(BenchCluster cluster) {
        KubeApi api = cluster.api();
        try (PodWatch watch = new PodWatch(api, BenchCluster.PODS)) {
            create(cluster, watch, List.of("bench-warm"));
            List<Double> single = new ArrayList<>();
            for (int i = 0; i < SINGLY; i++) {
                single.add(create(cluster, watch, List.of("bench-one-" + i)));
            }
            List<Double> many = new ArrayList<>();
            for (int run = 0; run < RUNS; run++) {
                many.add(create(cluster, watch, names("bench-many-" + run + "-", AT_ONCE)));
            }
            List<BenchFigure> figures = new ArrayList<>(List.of(
                    new BenchFigure("pod create to Running, p50", BenchFigure.median(single), "ms"),
                    new BenchFigure("10 pods at once, all Running", BenchFigure.median(many), "ms"),
                    new BenchFigure("pod delete with grace 0, gone, p50", deletes(cluster, watch), "ms")));
            if (cluster.runtime().containers()) {
                figures.add(new BenchFigure(
                        "60 pods at once, all Running", create(cluster, watch, names("bench-sixty-", SIXTY)), "ms"));
                figures.addAll(
                        BenchInside.run(cluster, "runtime", cluster.runtime().image()));
            }
            return figures;
        }
    }

    /** From the request until the node has nothing of it any more: the API forgets one that gets no grace at once. */
    private static double deletes(BenchCluster cluster, PodWatch watch) {
        Monitor node = new Monitor(cluster.edge());
        List<Double> times = new ArrayList<>();
        try (PodLeavings left = new PodLeavings(cluster.edge())) {
            for (int i = 0; i < SINGLY; i++) {
                String name = "bench-gone-" + i;
                cluster.api().apply(cluster.pod(name, "sleep", "100000"));
                BenchCluster.await(
                        "pod " + name, () -> watch.runningSince(name) != 0 && left.of(name) && node.total(PODS) == 1);
                long start = System.nanoTime();
                cluster.api().delete(BenchCluster.PODS + "/" + name + "?gracePeriodSeconds=0");
                left.awaitEnd(name, BenchCluster.LIMIT);
                times.add((System.nanoTime() - start) / NANOS_PER_MILLI);
            }
        }
        return BenchFigure.median(times);
    }

    static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }

    private static double create(BenchCluster cluster, PodWatch watch, List<String> names) {
        long start = System.nanoTime();
        names.forEach(name -> cluster.api().apply(cluster.pod(name, "sleep", "100000")));
        names.forEach(name -> BenchCluster.await("pod " + name, () -> watch.runningSince(name) != 0));
        long last = names.stream().mapToLong(watch::runningSince).max().orElse(start);
        cluster.remove(names);
        return (last - start) / NANOS_PER_MILLI;
    }
}
