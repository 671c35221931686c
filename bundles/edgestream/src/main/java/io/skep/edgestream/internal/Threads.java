package io.skep.edgestream.internal;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of commands that run: {@code edge-exec-N}, up to four for each, since a command's pipes can only be waited on.
 * There is none while no command runs; an idle one ends after ten seconds, all end with the module.
 */
final class Threads implements AutoCloseable {

    private static final int PER_COMMAND = 4;

    private final AtomicInteger number = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    /** @param commands most at one time */
    Threads(int commands) {
        pool = new ThreadPoolExecutor(
                0, PER_COMMAND * commands, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "edge-exec-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** @throws RejectedExecutionException when there are too many, or the module stops */
    void run(Runnable task) {
        pool.execute(task);
    }

    @Override
    public void close() {
        // What they wait on is closed already.
        pool.shutdown();
    }
}
