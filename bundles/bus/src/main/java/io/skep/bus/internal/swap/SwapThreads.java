package io.skep.bus.internal.swap;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of the operations: a few for operations, so that one that waits at its gate delays no other module, and one
 * for the files beside them, in order. All are gone soon after their work.
 */
final class SwapThreads {

    private static final Logger LOG = LoggerFactory.getLogger(SwapThreads.class);
    private static final String PREFIX = "edge-swap-";
    private static final int OPERATIONS = 4;
    private static final int MOST_WAITING = 32;
    private static final int MOST_FILES = 1024;
    private static final long IDLE_SECONDS = 5;
    private static final long CLOSE_SECONDS = 5;

    private final AtomicInteger number = new AtomicInteger();
    private volatile CompletableFuture<Void> begun = CompletableFuture.completedFuture(null);
    private final ThreadPoolExecutor operations = executor(OPERATIONS, MOST_WAITING);
    private final ThreadPoolExecutor files = executor(1, MOST_FILES);

    private ThreadPoolExecutor executor(int threads, int waiting) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(waiting), this::thread);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    private Thread thread(Runnable work) {
        Thread thread = new Thread(work, PREFIX + number.incrementAndGet());
        thread.setDaemon(true);
        thread.setContextClassLoader(SwapThreads.class.getClassLoader());
        return thread;
    }

    /** Does {@code first} before any operation. */
    void begin(Runnable first) {
        begun = CompletableFuture.runAsync(first, files);
    }

    /** Does an operation; throws {@link RejectedExecutionException} when too many wait, or none are taken any more. */
    void execute(Runnable operation) {
        operations.execute(() -> {
            begun.handle((done, failure) -> done).join();
            operation.run();
        });
    }

    /** Does {@code work} on files after what was asked for before, or drops it when operations end. */
    void later(Runnable work) {
        try {
            files.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    LOG.warn("files beside the operations are not in order", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("nothing is kept aside any more: the host of modules is stopping");
        }
    }

    /** Whether the calling thread is one of these: what it changes is supervised already. */
    static boolean areCalling() {
        return Thread.currentThread().getName().startsWith(PREFIX);
    }

    /** Takes nothing more, and lets what is in work end, for five seconds at most; whether it did. */
    boolean close() {
        operations.shutdown();
        files.shutdown();
        try {
            return operations.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)
                    && files.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
