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
     * @param key the job's name; {@link Gate} sees to it that of one name there is one at a time
     */
    <T> void work(String key, Callable<T> job, BiConsumer<T, Exception> then);

    /** Interrupts what is being done; nothing more is. */
    @Override
    default void close() {}
}
