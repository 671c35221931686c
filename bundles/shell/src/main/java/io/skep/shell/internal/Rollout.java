package io.skep.shell.internal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The same upgrade on many nodes, a few at once, in the order of their names; after the first that fails no further one is
 * begun, and those under way are waited for.
 *
 * <p>Threads: as many as nodes at once, {@code shell-rollout}, made for the rollout and gone with it.
 */
final class Rollout {

    /** The upgrade of one node; blocks until it has ended. */
    interface Upgrade {
        NodeResult run(String node) throws InterruptedException;
    }

    private static final long STOP_SECONDS = 5;

    private Rollout() {}

    /**
     * Does it.
     *
     * @param ended hears of each node as it ends, on the caller's thread
     * @return a result for each node, by name
     */
    static List<NodeResult> run(List<String> nodes, int atOnce, Upgrade upgrade, Consumer<NodeResult> ended)
            throws InterruptedException {
        List<String> waiting =
                new ArrayList<>(nodes.stream().distinct().sorted().toList());
        List<NodeResult> results = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(atOnce, waiting.size()), Rollout::thread);
        try {
            ExecutorCompletionService<NodeResult> service = new ExecutorCompletionService<>(threads);
            int underWay = 0;
            boolean failed = false;
            while (underWay > 0 || !waiting.isEmpty() && !failed) {
                while (underWay < atOnce && !waiting.isEmpty() && !failed) {
                    String node = waiting.remove(0);
                    service.submit(() -> guarded(upgrade, node));
                    underWay++;
                }
                NodeResult result = result(service.take());
                underWay--;
                failed |= !result.succeeded();
                results.add(result);
                ended.accept(result);
            }
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
        }
        waiting.forEach(node -> results.add(NodeResult.notBegun(node)));
        results.sort(Comparator.comparing(NodeResult::node));
        return results;
    }

    private static NodeResult guarded(Upgrade upgrade, String node) throws InterruptedException {
        try {
            return upgrade.run(node);
        } catch (RuntimeException e) {
            return NodeResult.failed(node, String.valueOf(e.getMessage()));
        }
    }

    private static NodeResult result(Future<NodeResult> done) throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "shell-rollout");
        thread.setDaemon(true);
        return thread;
    }
}
