package io.skep.transport.tunnel;

import java.time.Duration;
import org.osgi.annotation.versioning.ProviderType;

/** An open port for tunnels. */
@ProviderType
public interface TunnelPort {

    /** The port really listened on. */
    int port();

    /**
     * Closes the tunnels and leaves the port to a successor: nodes are answered 503 until somebody listens under its name with
     * the same settings or {@code grace} is over. Without effect once closed or released.
     */
    void release(String reason, Duration grace);

    /** Closes port and tunnels; harmless when closed or released. */
    void close(String reason);
}
