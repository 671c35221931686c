package io.skep.bench.internal;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.ImageSpec;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.ContainerConfig.Streams;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What the runtime alone takes for a pod, the floor of all that is built on it: sandbox, container, start and a look, with
 * nothing waited for between. As many threads as pods, ended with the run.
 */
final class RuntimeBench {

    private static final int SINGLY = 11;
    private static final int RUNS = 3;
    private static final double NANOS_PER_MILLI = 1e6;

    private final PodRuntime runtime;
    private final String image;
    private final Path logs;

    RuntimeBench(PodRuntime runtime, String image, Path logs) {
        this.runtime = runtime;
        this.image = image;
        this.logs = logs;
    }

    List<Figure> run() throws Exception {
        atOnce("floor-warm", 1);
        return List.of(
                new Figure("bare runtime: pod, p50", median(SINGLY, "floor-one-", 1), "ms"),
                new Figure("bare runtime: 10 pods at once", median(RUNS, "floor-ten-", 10), "ms"),
                new Figure("bare runtime: 60 pods at once", median(1, "floor-sixty-", 60), "ms"));
    }

    private double median(int runs, String name, int pods) throws Exception {
        List<Double> all = new ArrayList<>();
        for (int run = 0; run < runs; run++) {
            all.add(atOnce(name + run, pods));
        }
        return all.stream().sorted().toList().get(all.size() / 2);
    }

    private double atOnce(String name, int pods) throws InterruptedException, ExecutionException, ContainerException {
        ExecutorService threads = Executors.newFixedThreadPool(pods);
        List<String> sandboxes = new ArrayList<>();
        try {
            long start = System.nanoTime();
            List<Future<String>> begun = IntStream.range(0, pods)
                    .mapToObj(i -> threads.submit(() -> pod(name + "-" + i)))
                    .toList();
            for (Future<String> each : begun) {
                sandboxes.add(each.get());
            }
            return (System.nanoTime() - start) / NANOS_PER_MILLI;
        } finally {
            threads.shutdownNow();
            for (String each : sandboxes) {
                runtime.removePodSandbox(each);
            }
        }
    }

    private String pod(String name) throws ContainerException, IOException {
        Path folder = Files.createDirectories(logs.resolve(name));
        String sandbox = runtime.runPodSandbox(new PodSandboxConfig(
                new PodSandboxConfig.Metadata(name, "bench", name, 0),
                name,
                folder,
                Map.of(),
                Map.of(),
                "",
                PodSandboxConfig.Network.POD,
                PodSandboxConfig.Linux.DEFAULT));
        if (runtime.imageStatus(image).isEmpty()) {
            runtime.pullImage(image, Optional.empty());
        }
        String container = runtime.createContainer(
                sandbox,
                new ContainerConfig(
                        new ContainerConfig.Metadata("main", 0),
                        ImageSpec.of(image),
                        Program.of("sleep", "100000"),
                        List.of(),
                        Map.of(),
                        Map.of(),
                        Streams.log("main/0.log"),
                        ContainerConfig.Linux.DEFAULT));
        runtime.startContainer(container);
        runtime.containerStatus(container);
        return sandbox;
    }
}
