package io.skep.launcher.bench;

import io.skep.launcher.host.Waiting;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Follows the log of a pod that counts, as {@code kubectl logs -f} does, during {@code bench swap}. An open stream ends when
 * either end of the tunnel, edgestream or cloudstream, is replaced; then it is opened again, until that succeeds. One thread.
 */
final class SwapStream {

    private static final String POD = "bench-swap-stream";
    private static final String COUNTS = "i=0; while :; do echo $i; i=$((i+1)); sleep 0.2; done";
    private static final String LOG = BenchCluster.PODS + "/" + POD + "/log?follow=true&tailLines=1";
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int NONE = -1;

    private final BenchCluster cluster;
    private final List<Double> waits = new ArrayList<>();
    private final Thread thread = new Thread(this::follow, "bench-stream");
    private volatile Stream<String> open = Stream.empty();
    private volatile boolean over;
    private volatile int last = NONE;
    private final List<Instant> ends = new ArrayList<>();
    private long outOfOrder;
    private long endedAt;

    SwapStream(BenchCluster cluster) {
        this.cluster = cluster;
    }

    /** Makes the pod and returns once its log comes. */
    void begin() {
        cluster.api().apply(cluster.pod(POD, "/bin/sh", "-c", COUNTS));
        thread.setDaemon(true);
        thread.start();
        BenchCluster.await("the log of " + POD, () -> last != NONE);
    }

    private void follow() {
        while (!over) {
            last = NONE;
            try (Stream<String> lines = cluster.api().lines(LOG)) {
                open = lines;
                lines.forEach(this::note);
            } catch (RuntimeException e) {
                // The end of a stream in its middle, which is counted below like any other.
            }
            if (last == NONE) {
                LockSupport.parkNanos(PAUSE_NANOS);
            } else if (!over) {
                ends.add(Instant.now());
                endedAt = System.nanoTime();
            }
        }
    }

    private void note(String line) {
        // What refuses a stream is an object.
        if (line.startsWith("{")) {
            return;
        }
        int number = Integer.parseInt(line.strip());
        if (last == NONE && endedAt != 0) {
            waits.add((System.nanoTime() - endedAt) / 1e6);
        }
        outOfOrder += last == NONE || number == last + 1 ? 0 : 1;
        last = number;
    }

    /** Follows no more; a stream that works has to be there at the end. */
    void end() {
        Waiting.until(BenchCluster.LIMIT, () -> last != NONE);
        over = true;
        open.close();
        try {
            thread.join(BenchCluster.LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** @param replacements how often an end of the tunnel was replaced: only so often may a stream end */
    List<String> faults(int replacements) {
        List<String> faults = new ArrayList<>();
        if (outOfOrder > 0) {
            faults.add(outOfOrder + " times a log that was followed had lines too many, too few or out of order");
        }
        if (ends.size() > replacements) {
            faults.add("a log that was followed ended " + ends.size()
                    + " times, though an end of the tunnel was replaced only " + replacements + " times: " + ends);
        }
        if (waits.size() < ends.size()) {
            faults.add("a log that was followed did not come again");
        }
        return faults;
    }

    List<BenchFigure> figures() {
        List<BenchFigure> figures = new ArrayList<>();
        figures.add(new BenchFigure("logs -f ended with an end of the tunnel", ends.size(), ""));
        if (!waits.isEmpty()) {
            List<Double> sorted = waits.stream().sorted().toList();
            figures.add(new BenchFigure("logs -f opened again after, p50", sorted.get(sorted.size() / 2), "ms"));
            figures.add(new BenchFigure("logs -f opened again after, longest", sorted.get(sorted.size() - 1), "ms"));
        }
        return figures;
    }
}
