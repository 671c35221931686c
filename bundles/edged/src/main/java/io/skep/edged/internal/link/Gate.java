package io.skep.edged.internal.link;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/**
 * Lets only so many of one kind of waiting job be done at a time, and of those of one key one after the other: a container's
 * preStop action waits for its postStart action. Belongs to the module's thread.
 */
public final class Gate {

    private record Waiting(String key, Runnable start) {}

    private final Jobs jobs;
    private final int limit;
    private final ArrayDeque<Waiting> queue = new ArrayDeque<>();
    private final Set<String> underWay = new HashSet<>();

    public Gate(Jobs jobs, int limit) {
        this.jobs = jobs;
        this.limit = limit;
    }

    /** As {@link Jobs#work}, once there is room and no other of this {@code key} is under way. */
    public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
        queue.add(new Waiting(
                key,
                () -> jobs.work(key, job, (T result, Exception error) -> {
                    underWay.remove(key);
                    next();
                    then.accept(result, error);
                })));
        next();
    }

    private void next() {
        while (underWay.size() < limit) {
            Optional<Waiting> ready = queue.stream()
                    .filter(waiting -> !underWay.contains(waiting.key()))
                    .findFirst();
            if (ready.isEmpty()) {
                return;
            }
            queue.remove(ready.get());
            underWay.add(ready.get().key());
            ready.get().start().run();
        }
    }
}
