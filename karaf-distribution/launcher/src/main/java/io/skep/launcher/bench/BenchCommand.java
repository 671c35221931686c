package io.skep.launcher.bench;

import io.skep.launcher.host.LauncherException;
import io.skep.launcher.host.LauncherLock;
import io.skep.launcher.instance.Home;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        description =
                "Measures on instances of its own, and prints our budget and the peer's figure beside each result."
                        + " Exit code 1 when swap or leaks find a fault, 3 when swap only finds a pause over its budget.",
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {

    private static final List<String> ALL = List.of("bus", "store", "pods", "memory", "restart");

    private static final String SWAP = "swap";
    private static final String LEAKS = "leaks";

    @Parameters(
            arity = "1..*",
            description =
                    "bus, store, pods, restart, memory or all of these; or swap or leaks, which take some minutes")
    private List<String> what = List.of();

    @Option(
            names = "--runtime",
            defaultValue = "process",
            description = "What pods run on: process or cri; default: process")
    private String runtime;

    @Option(
            names = "--image",
            defaultValue = "docker.io/library/busybox:latest",
            description = "Image of the pods of cri, with a sleep; default: docker.io/library/busybox:latest")
    private String image;

    @Option(names = "--set", paramLabel = "pid:key=value", description = "Sets a key of the node's etc/<pid>.cfg")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--times",
            defaultValue = "20",
            description = "How often swap and leaks replace each module; default: 20")
    private int times;

    @Option(names = "--seed", description = "Makes swap's order that of the run that printed it")
    private Long seed;

    @Option(names = "--json", description = "Prints JSON")
    private boolean json;

    @Override
    public Integer call() {
        List<String> chosen = what.contains("all") ? ALL : what;
        chosen.stream()
                .filter(c -> !ALL.contains(c) && !c.equals(SWAP) && !c.equals(LEAKS))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new LauncherException("'" + unknown
                            + "' is no bench: it is bus, store, pods, restart, memory, swap, leaks or all");
                });
        Home home = Home.fromSystem();
        BenchReport report = new BenchReport(json);
        LauncherLock.alone(
                home.instances(),
                ".bench.lock",
                "another bench runs below " + home.instances()
                        + ": wait for its end, or give this one a SKEP_DATA of its own",
                () -> measure(home, chosen, report));
        return report.end();
    }

    private void measure(Home home, List<String> chosen, BenchReport report) {
        try (BenchCluster cluster = new BenchCluster(home, new BenchRuntime(runtime, image, settings))) {
            chosen.forEach(bench -> measure(bench, cluster, report));
        }
    }

    private void measure(String bench, BenchCluster cluster, BenchReport report) {
        switch (bench) {
            case SWAP -> {
                BenchSwap swap = new BenchSwap(cluster, times, seed == null ? System.nanoTime() : seed);
                report.add(swap.run());
                report.addFaults(swap.faults());
                report.addOverBudget(swap.overBudget());
            }
            case LEAKS -> {
                BenchLeaks leaks = new BenchLeaks(cluster, times);
                report.add(leaks.run());
                report.addFaults(leaks.faults());
            }
            case "bus", "store" -> report.add(BenchInside.run(cluster, bench));
            case "pods" -> report.add(BenchPods.run(cluster));
            case "memory" -> report.add(BenchMemory.run(cluster));
            default -> report.add(BenchRestart.run(cluster));
        }
    }
}
