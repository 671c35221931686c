package io.skep.launcher;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
final class BenchCommand implements Callable<Integer> {

    private static final List<String> ALL = List.of("bus", "store", "pods", "memory", "restart");

    private static final String SWAP = "swap";
    private static final String LEAKS = "leaks";

    /** All is right, but something took longer than we allow ourselves. */
    private static final int OVER_BUDGET = 3;

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
    public Integer call() throws IOException {
        List<String> chosen = what.contains("all") ? ALL : what;
        chosen.stream()
                .filter(c -> !ALL.contains(c) && !c.equals(SWAP) && !c.equals(LEAKS))
                .findFirst()
                .ifPresent(unknown -> {
                    throw new LauncherException("'" + unknown
                            + "' is no bench: it is bus, store, pods, restart, memory, swap, leaks or all");
                });
        List<BenchFigure> figures = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        List<String> overBudget = new ArrayList<>();
        heading();
        try (BenchCluster cluster = new BenchCluster(Home.fromSystem(), new BenchRuntime(runtime, image, settings))) {
            for (String bench : chosen) {
                List<BenchFigure> measured = run(bench, cluster, faults, overBudget);
                measured.forEach(this::print);
                figures.addAll(measured);
            }
        }
        if (json) {
            System.out.println(new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(figures.stream().map(BenchCommand::row).toList()));
        }
        faults.forEach(fault -> System.err.println("FAULT: " + fault));
        overBudget.forEach(pause -> System.err.println("OVER BUDGET: " + pause));
        if (!faults.isEmpty()) {
            return 1;
        }
        return overBudget.isEmpty() ? 0 : OVER_BUDGET;
    }

    private List<BenchFigure> run(String bench, BenchCluster cluster, List<String> faults, List<String> overBudget) {
        return switch (bench) {
            case SWAP -> {
                BenchSwap swap = new BenchSwap(cluster, times, seed == null ? System.nanoTime() : seed);
                List<BenchFigure> measured = swap.run();
                faults.addAll(swap.faults());
                overBudget.addAll(swap.overBudget());
                yield measured;
            }
            case LEAKS -> {
                BenchLeaks leaks = new BenchLeaks(cluster, times);
                List<BenchFigure> measured = leaks.run();
                faults.addAll(leaks.faults());
                yield measured;
            }
            case "bus", "store" -> BenchInside.run(cluster, bench);
            case "pods" -> BenchPods.run(cluster);
            case "memory" -> BenchMemory.run(cluster);
            default -> BenchRestart.run(cluster);
        };
    }

    private void heading() {
        if (!json) {
            System.out.printf("%-44s %18s %16s  %s%n", "WHAT", "OURS", "BUDGET", "PEER");
        }
    }

    private void print(BenchFigure figure) {
        if (!json) {
            System.out.printf("%-44s %18s %16s  %s%n", figure.what(), figure.text(), figure.budget(), figure.peer());
        }
    }

    private static Map<String, Object> row(BenchFigure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", figure.what());
        row.put("value", figure.value());
        row.put("unit", figure.unit());
        row.put("budget", figure.budget());
        row.put("peer", figure.peer());
        return row;
    }
}
