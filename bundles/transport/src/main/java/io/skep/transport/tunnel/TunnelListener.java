package io.skep.transport.tunnel;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ConsumerType;

/** Hears one tunnel, one call at a time, on a thread of the transport; must not wait. */
@ConsumerType
public interface TunnelListener {

    /** A frame came. The next one is not read before the stage completes: so a slow user slows the peer down. */
    CompletionStage<Void> received(TunnelFrame frame);

    /** The tunnel is closed; the last call. */
    void closed(String reason);
}
