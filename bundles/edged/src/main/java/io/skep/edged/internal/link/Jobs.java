package io.skep.edged.internal.link;

import java.util.concurrent.Callable;
import java.util.function.BiConsumer;

/** Where jobs are done that keep their thread waiting. */
@FunctionalInterface
public interface Jobs extends AutoCloseable {

    /**
     * Runs {@code job}, and {@code then} on the module's thread with its result or its exception (one of the two is
     * {@code null}).
     *
     * @param key jobs of one key run one after the other where that is promised
     */
    <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then);

    /** Interrupts what is being done; nothing more is. */
    @Override
    default void close() {}
}
