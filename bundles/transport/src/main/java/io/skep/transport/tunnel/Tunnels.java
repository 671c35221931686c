package io.skep.transport.tunnel;

import io.skep.transport.LinkTarget;
import io.skep.transport.ListenSettings;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Opens tunnels, and ports for them. Unlike a {@link io.skep.transport.Link}, a tunnel is not handed over: its streams
 * live in its user, and end with it.
 */
@ProviderType
public interface Tunnels {

    /** Dials once; fails with an {@link io.skep.core.api.EdgeException} that says what to mend. */
    CompletionStage<Tunnel> open(LinkTarget target, Function<Tunnel, TunnelListener> opened);

    /**
     * Listens, on the port that was released under {@code name} if there is one with these settings.
     *
     * @throws io.skep.core.api.EdgeException {@code SERVICE_UNAVAILABLE} when the port can't be opened
     */
    TunnelPort listen(String name, ListenSettings settings, TunnelAcceptor acceptor);
}
