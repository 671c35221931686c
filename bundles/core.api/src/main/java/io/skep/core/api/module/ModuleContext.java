package io.skep.core.api.module;

import io.skep.core.api.bus.MessageBus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.osgi.annotation.versioning.ProviderType;

/** What the host gives a running module. Thread-safe; all tasks run on the module's thread, none after {@code stop}. */
@ProviderType
public interface ModuleContext {

    /** A task that may be called off. */
    @FunctionalInterface
    interface Timer {
        /** Calls the task off; harmless when it has run or was called off before. */
        void cancel();
    }

    /** The module's name on the bus. */
    String module();

    /** The bus. */
    MessageBus bus();

    /** The clock that decides. */
    InstantSource clock();

    /** Runs {@code task} on the module's thread, after what is already waiting there. */
    void execute(Runnable task);

    /** Runs {@code task} on the module's thread once {@code delay} has passed. */
    Timer after(Duration delay, Runnable task);

    /** Runs {@code task} on the module's thread each {@code period}, first after one period; runs never pile up. */
    Timer every(Duration period, Runnable task);

    /**
     * Runs {@code job} on the host's bounded worker pool and {@code then} on the module's thread with its result or its
     * exception (one of the two is {@code null}).
     *
     * <p>Jobs of one {@code key} run one after the other in the order given; jobs of different keys at the same time. A job
     * that finds no room fails with {@code SERVICE_UNAVAILABLE}.
     */
    <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then);
}
