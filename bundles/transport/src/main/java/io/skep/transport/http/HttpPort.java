package io.skep.transport.http;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** A port being served. */
@ProviderType
public interface HttpPort extends AutoCloseable {

    /** The port really listened on. */
    int port();

    /**
     * Leaves the port to a successor: it stays open, and requests are answered 503, until somebody serves under its name with
     * the same settings or {@code grace} is over. Never blocks; without effect once stopped or released.
     */
    void release(Duration grace);

    /** Stops serving; harmless when stopped or released. Takes up to 5 s. */
    @Override
    void close();
}
