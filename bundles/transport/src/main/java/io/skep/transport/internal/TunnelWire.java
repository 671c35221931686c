package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelListener;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Frame;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.eclipse.jetty.websocket.common.WebSocketSession;
import org.eclipse.jetty.websocket.core.OpCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A tunnel as one WebSocket session, either end. It works on frames, since KubeEdge marks as text what is none: Jetty's
 * messages would refuse to read or to write that. Public only because Jetty calls it through method handles.
 */
public final class TunnelWire implements Session.Listener, Tunnel {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelWire.class);

    /** Two numbers of ten bytes at most, and the data. */
    private static final int MAX_MESSAGE_BYTES = TunnelFrame.MAX_DATA_BYTES + 20;

    /** How long a peer may take to answer our goodbye. */
    private static final Duration GOODBYE = Duration.ofSeconds(2);

    private final JettyRuntime runtime;
    private final Function<Tunnel, TunnelListener> opened;
    private final AtomicLong waiting = new AtomicLong();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private volatile WebSocketSession session;
    private volatile TunnelListener listener;
    private volatile Throwable failure;
    private volatile long lastHeard = System.nanoTime();
    private volatile boolean taking;

    /** @param opened makes the listener once the session is there */
    TunnelWire(JettyRuntime runtime, Function<Tunnel, TunnelListener> opened) {
        this.runtime = runtime;
        this.opened = opened;
    }

    @Override
    public void onWebSocketOpen(Session value) {
        session = (WebSocketSession) value;
        listener = opened.apply(this);
        value.demand();
    }

    @Override
    public void onWebSocketFrame(Frame frame, Callback callback) {
        lastHeard = System.nanoTime();
        if (OpCode.isControlFrame(frame.getOpCode())) {
            control(frame, callback);
            return;
        }
        if (parts.size() + frame.getPayloadLength() > MAX_MESSAGE_BYTES) {
            callback.succeed();
            session.close(StatusCode.MESSAGE_TOO_LARGE, "a message of the tunnel is too large", Callback.NOOP);
            return;
        }
        byte[] part = payload(frame);
        callback.succeed();
        parts.writeBytes(part);
        if (!frame.isFin()) {
            session.demand();
            return;
        }
        byte[] message = parts.toByteArray();
        parts.reset();
        arrived(message);
    }

    /** Who takes frames answers pings himself. */
    private void control(Frame frame, Callback callback) {
        byte[] payload = payload(frame);
        callback.succeed();
        switch (frame.getOpCode()) {
            case OpCode.PING -> {
                session.sendPong(ByteBuffer.wrap(payload), Callback.NOOP);
                session.demand();
            }
            case OpCode.PONG -> session.demand();
            default -> {} // after a close nothing follows
        }
    }

    private static byte[] payload(Frame frame) {
        byte[] payload = new byte[frame.getPayloadLength()];
        if (payload.length > 0) {
            frame.getPayload().slice().get(payload);
        }
        return payload;
    }

    private void arrived(byte[] message) {
        TunnelFrame read;
        try {
            read = TunnelFrame.decode(ByteBuffer.wrap(message));
        } catch (EdgeException e) {
            LOG.warn("tunnel message not understood, closing: reason={}", e.getMessage());
            session.close(StatusCode.BAD_PAYLOAD, e.getMessage(), Callback.NOOP);
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
        org.eclipse.jetty.util.Callback done = org.eclipse.jetty.util.Callback.from(
                () -> {
                    waiting.addAndGet(-length);
                    written.complete(null);
                },
                cause -> {
                    waiting.addAndGet(-length);
                    written.completeExceptionally(new EdgeException(
                            Reason.SERVICE_UNAVAILABLE, "the tunnel is closed: " + cause.getMessage(), cause));
                });
        session.getCoreSession().sendFrame(new org.eclipse.jetty.websocket.core.Frame(OpCode.TEXT, bytes), done, false);
        return written;
    }

    @Override
    public void ping(String text) {
        session.sendPing(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
    }

    @Override
    public Duration silence() {
        return taking ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - lastHeard);
    }

    @Override
    public void close(String reason) {
        session.close(StatusCode.NORMAL, WebSocketWire.shorten(reason), Callback.NOOP);
        // A peer that is gone answers no goodbye.
        runtime.after(GOODBYE, session::disconnect);
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        failure = cause;
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        callback.succeed();
        String said = reason == null || reason.isBlank() ? "code " + code : reason;
        Optional.ofNullable(listener).ifPresent(to -> to.closed(WebSocketWire.why(said, failure)));
    }
}
