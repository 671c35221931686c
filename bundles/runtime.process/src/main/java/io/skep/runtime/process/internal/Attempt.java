package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.io.IOException;

/** Does what may fail in the machine's ways, and says so in the runtime's words. */
final class Attempt {

    /** What is tried, with an answer. */
    @FunctionalInterface
    interface Call<T> {
        T run() throws ContainerException, IOException, InterruptedException;
    }

    /** What is tried. */
    @FunctionalInterface
    interface Action {
        void run() throws ContainerException, IOException, InterruptedException;
    }

    private Attempt() {}

    /**
     * Tries it.
     *
     * @param what to be read behind "cannot"
     * @throws ContainerException {@code FAILED} when the machine refuses, {@code UNAVAILABLE} when interrupted
     */
    static <T> T call(String what, Call<T> call) throws ContainerException {
        try {
            return call.run();
        } catch (IOException e) {
            throw new ContainerException(Code.FAILED, "cannot " + what + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ContainerException(Code.UNAVAILABLE, "interrupted: cannot " + what, e);
        }
    }

    /** As {@link #call}, without an answer. */
    static void run(String what, Action action) throws ContainerException {
        call(what, () -> {
            action.run();
            return true;
        });
    }
}
