package io.skep.launcher.bench;

import io.skep.launcher.command.KubeApi;
import io.skep.launcher.host.LauncherException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * What the cloud's user does during {@code bench swap}: changes ConfigMaps at a steady rate, and a few pods each other
 * second. Remembers what was said last of each. Its threads end with it.
 */
final class SwapChanges {

    private static final int THREADS = 4;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final long POD_PAUSE_NANOS = 2 * SECOND;

    private final KubeApi api;
    private final int changesASecond;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS + 1);
    private final AtomicIntegerArray values = new AtomicIntegerArray(SwapPods.PODS);
    private final AtomicLong changes = new AtomicLong();
    private final List<String> failures = new ArrayList<>();
    private volatile int round;
    private volatile boolean ended;
    private long began;
    private long nanos;

    SwapChanges(KubeApi api, int changesASecond) {
        this.api = api;
        this.changesASecond = changesASecond;
    }

    void begin() {
        began = System.nanoTime();
        for (int t = 0; t < THREADS; t++) {
            int thread = t;
            threads.execute(() -> guarded(() -> changeMaps(thread)));
        }
        threads.execute(() -> guarded(this::changePods));
    }

    private void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            synchronized (failures) {
                failures.add("the cloud's API failed: " + e.getMessage());
            }
        }
    }

    private void changeMaps(int thread) {
        for (int n = 1; !ended; n++) {
            // Each map belongs to one thread, so that its last value is the highest.
            int map = n * THREADS % SwapPods.PODS + thread;
            api.patch(SwapPods.mapPath(map), SwapPods.data("value", Integer.toString(n)));
            values.set(map, n);
            changes.incrementAndGet();
            LockSupport.parkNanos(began + n * SECOND * THREADS / changesASecond - System.nanoTime());
        }
    }

    private void changePods() {
        for (int n = 1; !ended; n++) {
            for (int i = 0; i < SwapPods.CHANGING; i++) {
                api.patch(SwapPods.mapPath(i), SwapPods.data("ready", ready(n) ? "yes" : "no"));
                api.patch(SwapPods.podPath(i), SwapPods.annotation(Integer.toString(n)));
            }
            round = n;
            LockSupport.parkNanos(POD_PAUSE_NANOS);
        }
    }

    private static boolean ready(int round) {
        return round % 2 == 0;
    }

    void end() {
        ended = true;
        nanos = System.nanoTime() - began;
        threads.shutdown();
        try {
            if (!threads.awaitTermination(BenchCluster.LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                throw new LauncherException("the changes in the cloud did not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The last value of a ConfigMap. */
    int value(int map) {
        return values.get(map);
    }

    /** The last annotation of the changing pods. */
    int round() {
        return round;
    }

    /** Whether the changing pods are to be ready. */
    boolean areReady() {
        return ready(round);
    }

    /** How long it went on. */
    double seconds() {
        return (double) nanos / SECOND;
    }

    /** Changes of ConfigMaps a second, as they were. */
    double rate() {
        return changes.get() / seconds();
    }

    List<String> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }
}
