package io.skep.runtime.api;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** A command that runs, or will run, in a container while somebody watches: at the engine's own door, or in our hands. */
public sealed interface Execution {

    /**
     * The engine serves it itself, by the protocols of kubelet's streaming server, to whoever comes to this address soon; it
     * is good for once. CRI's {@code ExecResponse}.
     *
     * @param url an {@code http} address on this machine
     */
    record Served(URI url) implements Execution {
        public Served {
            Objects.requireNonNull(url, "url");
        }
    }

    /**
     * It runs, and this is how to speak with it. Thread-safe; each stream is for one thread. Whoever has it must close it,
     * and read what was asked for, or the command may wait for ever.
     */
    @ConsumerType
    non-sealed interface Session extends Execution, AutoCloseable {

        /** Its input, closed to end it; nothing comes of what is written when none was asked for. Writing blocks. */
        OutputStream stdin();

        /** Its output; reading blocks, and ends with the command or with {@link #close}. */
        InputStream stdout();

        /** Its complaints; the same. */
        InputStream stderr();

        /** Sets the size of its terminal; without one, nothing. May block shortly. */
        void resize(int columns, int rows);

        /** Its exit code, 128 + signal for a signal; fails with a {@link ContainerException} when it could not be begun. */
        CompletionStage<Integer> exit();

        /** Kills what still runs and gives everything back; may be called twice. */
        @Override
        void close();
    }
}
