package io.skep.transport.tunnel;

import org.osgi.annotation.versioning.ProviderType;

/** An open port for tunnels. */
@ProviderType
public interface TunnelPort {

    /** The port really listened on. */
    int port();

    /** Closes port and tunnels. */
    void close(String reason);
}
