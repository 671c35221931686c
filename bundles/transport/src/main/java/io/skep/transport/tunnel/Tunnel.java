package io.skep.transport.tunnel;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/** One end of an open tunnel. Thread-safe. */
@ProviderType
public interface Tunnel {

    /** What may wait to be written; a sender that awaits each stage never gets there. */
    int MAX_WAITING_BYTES = 4 << 20;

    /**
     * Sends a frame after those sent before. The stage completes when it was written; it fails with
     * {@code SERVICE_UNAVAILABLE} when the tunnel is closed or {@link #MAX_WAITING_BYTES} wait already.
     */
    CompletionStage<Void> send(TunnelFrame frame);

    /** Asks the peer for a sign of life; any peer answers (RFC 6455, section 5.5.2). */
    void ping(String text);

    /** How long nothing came from the peer; zero while the listener takes a frame, since the peer is not read then. */
    Duration silence();

    /** Closes; the listener is told, after two seconds at the latest. */
    void close(String reason);
}
