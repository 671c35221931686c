package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.PodRuntime.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners, in order, on its one thread {@code edge-process-events}, which ends when there is nothing to tell. */
final class Events implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final List<Consumer<ContainerEvent>> listeners = new CopyOnWriteArrayList<>();
    private final ExecutorService thread = executor();

    Subscription subscribe(Consumer<ContainerEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    void tell(ContainerEvent event) {
        try {
            thread.execute(() -> listeners.forEach(listener -> tell(listener, event)));
        } catch (RejectedExecutionException e) {
            LOG.debug("event after the end: event={}", event);
        }
    }

    @Override
    public void close() {
        listeners.clear();
        thread.shutdownNow();
    }

    private static void tell(Consumer<ContainerEvent> listener, ContainerEvent event) {
        try {
            listener.accept(event);
        } catch (RuntimeException e) {
            LOG.warn("listener failed: event={}", event, e);
        }
    }

    private static ExecutorService executor() {
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(1, 1, 30, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "edge-process-events");
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
