package io.skep.edged.internal.link;

import io.skep.core.api.module.ModuleContext;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Threads of the module's own, {@code edged-wait-N}, for what may wait as long as a pod's grace: on the pool that all modules
 * share a few such jobs would hold everybody back, and of many pods that end at once, as at a shutdown, most would not get
 * their turn. There is none while nothing waits; an idle one ends after ten seconds.
 */
public final class OwnThreads implements Jobs {

    /** Most threads at one time; a job beyond them fails at once. */
    public static final int MOST = 80;

    private final ModuleContext context;
    private final AtomicInteger number = new AtomicInteger();
    private final ThreadPoolExecutor pool;

    public OwnThreads(ModuleContext context) {
        this(context, MOST);
    }

    OwnThreads(ModuleContext context, int most) {
        this.context = context;
        this.pool = new ThreadPoolExecutor(0, most, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "edged-wait-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
        try {
            pool.execute(() -> {
                T result;
                try {
                    result = job.call();
                } catch (Exception e) {
                    context.execute(() -> then.accept(null, e));
                    return;
                } catch (Error e) {
                    // Whoever waits for the end must hear of it all the same.
                    context.execute(() -> then.accept(null, new ExecutionException(e)));
                    throw e;
                }
                context.execute(() -> then.accept(result, null));
            });
        } catch (RejectedExecutionException e) {
            context.execute(() -> then.accept(null, e));
        }
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
