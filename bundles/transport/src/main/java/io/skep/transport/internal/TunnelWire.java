package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelListener;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A tunnel as one WebSocket session, either end. */
final class TunnelWire implements WebSocketSession.User, Tunnel {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelWire.class);

    /** Two numbers of ten bytes at most, and the data. */
    private static final int MAX_MESSAGE_BYTES = TunnelFrame.MAX_DATA_BYTES + 20;

    private final WebSocketSession session;
    private final Function<Tunnel, TunnelListener> opening;
    private final AtomicLong waiting = new AtomicLong();
    private volatile TunnelListener listener;
    private volatile long lastHeard = System.nanoTime();
    private volatile boolean taking;

    /** @param opening makes the listener once the session is there */
    TunnelWire(JettyRuntime runtime, Function<Tunnel, TunnelListener> opening) {
        this.session = new WebSocketSession(runtime, MAX_MESSAGE_BYTES, this);
        this.opening = opening;
    }

    /** For Jetty. */
    FrameHandler session() {
        return session;
    }

    @Override
    public void opened(WebSocketSession opened) {
        listener = opening.apply(this);
        session.demand();
    }

    @Override
    public void heard() {
        lastHeard = System.nanoTime();
    }

    @Override
    public void received(byte[] message) {
        TunnelFrame read;
        try {
            read = TunnelFrame.decode(ByteBuffer.wrap(message));
        } catch (EdgeException e) {
            LOG.warn("tunnel message not understood, closing: reason={}", e.getMessage());
            session.close(CloseStatus.BAD_PAYLOAD, e.getMessage());
            return;
        }
        taking = true;
        listener.received(read).whenComplete((done, trouble) -> {
            lastHeard = System.nanoTime();
            taking = false;
            if (trouble == null) {
                session.demand();
            } else {
                LOG.warn("tunnel message not taken, closing: reason={}", trouble.getMessage());
                close("a message was not taken");
            }
        });
    }

    @Override
    public CompletionStage<Void> send(TunnelFrame frame) {
        ByteBuffer bytes = frame.encode();
        int length = bytes.remaining();
        if (waiting.addAndGet(length) > MAX_WAITING_BYTES) {
            waiting.addAndGet(-length);
            return CompletableFuture.failedFuture(
                    new EdgeException(Reason.SERVICE_UNAVAILABLE, "the tunnel's peer reads too slowly"));
        }
        CompletableFuture<Void> written = new CompletableFuture<>();
        session.send(bytes, failure -> {
            waiting.addAndGet(-length);
            if (failure == null) {
                written.complete(null);
            } else {
                written.completeExceptionally(new EdgeException(
                        Reason.SERVICE_UNAVAILABLE, "the tunnel is closed: " + failure.getMessage(), failure));
            }
        });
        return written;
    }

    @Override
    public void ping(String text) {
        session.ping(text);
    }

    @Override
    public Duration silence() {
        return taking ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastHeard);
    }

    @Override
    public void close(String reason) {
        session.close(CloseStatus.NORMAL, reason);
    }

    @Override
    public void closed(String reason) {
        Optional.ofNullable(listener).ifPresent(to -> to.closed(reason));
    }
}
