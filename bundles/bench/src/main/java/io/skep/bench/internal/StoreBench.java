package io.skep.bench.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the store writes durably and reads: documents of the size of a pod in a collection of the bench's own, which is
 * emptied afterwards. Makes as many threads as writers, for the run.
 */
final class StoreBench {

    private static final String COLLECTION = "bench";
    private static final double NANOS = 1e9;
    private static final int KEYS = 200;
    private static final int RUNS = 3;
    private static final String BODY = "{\"kind\":\"Pod\",\"padding\":\"" + "x".repeat(2_000) + "\"}";

    private final DocumentStore store;
    private final long runNanos;
    private final int reads;

    StoreBench(DocumentStore store, long runNanos, int reads) {
        this.store = store;
        this.runNanos = runNanos;
        this.reads = reads;
    }

    List<Figure> run() {
        try {
            upserts(1);
            return List.of(
                    new Figure("store upserts, 1 writer", Samples.median(RUNS, () -> upserts(1)), "upserts/s"),
                    new Figure("store upserts, 8 writers", Samples.median(RUNS, () -> upserts(8)), "upserts/s"),
                    new Figure("store read p50", reads().micros(50), "us"));
        } finally {
            store.write(store.list(COLLECTION, "").stream()
                    .map(d -> Change.delete(COLLECTION, d.key(), DocumentStore.ANY))
                    .toList());
        }
    }

    private double upserts(int writers) {
        ExecutorService threads = Executors.newFixedThreadPool(writers, task -> new Thread(task, "bench-writer"));
        try {
            long start = System.nanoTime();
            List<Future<Integer>> results = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                results.add(threads.submit(() -> write(writer, start + runNanos)));
            }
            int done = 0;
            for (Future<Integer> result : results) {
                done += result.get();
            }
            return done * NANOS / (System.nanoTime() - start);
        } catch (ExecutionException e) {
            throw new EdgeException(EdgeException.Reason.INTERNAL_ERROR, "a writer failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EdgeException(EdgeException.Reason.TIMEOUT, "interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private int write(int writer, long end) {
        int done = 0;
        while (System.nanoTime() < end) {
            store.put(COLLECTION, "writer-" + writer + "-" + done % KEYS, DocumentStore.ANY, BODY);
            done++;
        }
        return done;
    }

    private Samples reads() {
        List<String> keys =
                store.list(COLLECTION, "").stream().map(Document::key).toList();
        Samples durations = new Samples(reads);
        for (int i = 0; i < reads; i++) {
            long start = System.nanoTime();
            store.get(COLLECTION, keys.get(i % keys.size()));
            durations.add(System.nanoTime() - start);
        }
        return durations;
    }
}
