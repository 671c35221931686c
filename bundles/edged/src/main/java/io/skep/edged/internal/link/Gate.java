package io.skep.edged.internal.link;

import java.util.ArrayDeque;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/** Lets only so many of one kind of waiting job be done at a time; the others wait their turn. Belongs to the module's thread. */
public final class Gate {

    private final Jobs jobs;
    private final int limit;
    private final ArrayDeque<Runnable> queue = new ArrayDeque<>();
    private int open;

    public Gate(Jobs jobs, int limit) {
        this.jobs = jobs;
        this.limit = limit;
    }

    /** As {@link Jobs#work}, once there is room. */
    public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
        queue.add(() -> jobs.work(key, job, (T result, Exception error) -> {
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
