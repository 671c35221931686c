package io.skep.edged.internal.link;

import io.skep.core.api.module.ModuleContext;
import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/**
 * Lets only so many of one kind of waiting job onto the worker pool, which all modules share; the others wait their turn.
 * Belongs to the module's thread.
 */
public final class Gate {

    private final ModuleContext context;
    private final int limit;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private int open;

    public Gate(ModuleContext context, int limit) {
        this.context = context;
        this.limit = limit;
    }

    /** As {@code ModuleContext.work}, once there is room. */
    public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
        queue.add(() -> context.work(key, job, (T result, Exception error) -> {
            open--;
            next();
            then.accept(result, error);
        }));
        next();
    }

    private void next() {
        while (open < limit && !queue.isEmpty()) {
            open++;
            queue.poll().run();
        }
    }
}
