package io.skep.core.api.module;

import io.skep.core.api.bus.MessageBus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A module's context on one real thread and the real clock; what is sent is recorded by a fake one. */
public final class LiveModuleContext implements ModuleContext, AutoCloseable {

    private final FakeModuleContext recorder;
    private final ScheduledExecutorService thread;

    public LiveModuleContext(String module) {
        recorder = new FakeModuleContext(module);
        thread = Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "edge-" + module));
    }

    /** Runs {@code question} on the module's thread: nothing else touches what it reads. */
    public <T> T on(Callable<T> question) throws Exception {
        try {
            return thread.submit(question).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** What records the messages. */
    public FakeModuleContext recorder() {
        return recorder;
    }

    @Override
    public String module() {
        return recorder.module();
    }

    @Override
    public MessageBus bus() {
        return recorder;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public void execute(Runnable task) {
        if (!thread.isShutdown()) {
            thread.execute(task);
        }
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        Future<?> timer = thread.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public Timer every(Duration period, Runnable task) {
        Future<?> timer = thread.scheduleAtFixedRate(task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then) {
        execute(() -> {
            T result;
            try {
                result = job.call();
            } catch (Exception e) {
                then.accept(null, e);
                return;
            }
            then.accept(result, null);
        });
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
