package io.skep.transport.internal;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.eclipse.jetty.io.ssl.SslHandshakeListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says who was turned away in the TLS handshake and why; the peer itself hears no more than an alert. At most one line a
 * second, and how many there were meanwhile: whoever reaches the port can make us write.
 */
final class RefusedHandshakes implements SslHandshakeListener {

    private static final Logger LOG = LoggerFactory.getLogger(RefusedHandshakes.class);
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final String port;
    private final LongSupplier nanos;
    private final Consumer<String> log;
    private long next;
    private long unsaid;

    RefusedHandshakes(String port) {
        this(port, System::nanoTime, LOG::warn);
    }

    RefusedHandshakes(String port, LongSupplier nanos, Consumer<String> log) {
        this.port = port;
        this.nanos = nanos;
        this.log = log;
        this.next = nanos.getAsLong();
    }

    @Override
    public void handshakeFailed(Event event, Throwable failure) {
        refused(String.valueOf(event.getEndPoint().getRemoteSocketAddress()), failure);
    }

    /** A handshake that was merely broken off is no refusal. */
    synchronized void refused(String remote, Throwable failure) {
        Optional<String> reason = TlsTrouble.explain(failure);
        if (reason.isEmpty()) {
            return;
        }
        long now = nanos.getAsLong();
        if (now - next < 0) {
            unsaid++;
            return;
        }
        log.accept("TLS handshake refused: port=" + port + " remote=" + remote + " moreBefore=" + unsaid
                + " certificate=" + reason.get());
        next = now + PAUSE_NANOS;
        unsaid = 0;
    }
}
