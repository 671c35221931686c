package io.skep.kube.rest.internal.stream;

import io.skep.kube.api.Status;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import java.io.EOFException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log on its way to a client on a WebSocket, an empty message first. One piece at a time is on the way; the next one comes
 * when the connection has taken it. What the client sends is dropped.
 */
final class LogSocket implements FrameHandler, PodStreamListener {

    private static final Logger LOG = LoggerFactory.getLogger(LogSocket.class);
    private static final byte[] NOTHING = {};

    /** What the node says before the connection is a WebSocket waits for this. */
    private final CompletableFuture<CoreSession> open = new CompletableFuture<>();

    private final CompletableFuture<PodStream> stream = new CompletableFuture<>();
    private final SocketProtocol protocol;
    private final Duration linger;

    /** @param linger how long a client may take to close after all is said */
    LogSocket(SocketProtocol protocol, Duration linger) {
        this.protocol = protocol;
        this.linger = linger;
    }

    SocketProtocol protocol() {
        return protocol;
    }

    /** Names the node's end; before the connection is upgraded. */
    void attach(PodStream opened) {
        stream.complete(opened);
    }

    /** The connection was lost before it was a WebSocket, or never became one. */
    void abandon() {
        stream.join().close();
        open.completeExceptionally(new EOFException("the client is gone"));
    }

    @Override
    public void onOpen(CoreSession session, Callback callback) {
        session.setIdleTimeout(Duration.ZERO);
        callback.succeeded();
        session.sendFrame(protocol.message(NOTHING), Callback.NOOP, false);
        open.complete(session);
        session.demand();
    }

    @Override
    public CompletionStage<Void> received(byte[] data) {
        return open.thenCompose(session -> {
            CompletableFuture<Void> written = new CompletableFuture<>();
            session.sendFrame(
                    protocol.message(data),
                    Callback.from(() -> written.complete(null), written::completeExceptionally),
                    false);
            return written;
        });
    }

    @Override
    public void ended(Optional<Status> failure) {
        open.thenAccept(session -> {
            session.close(
                    failure.isPresent() ? CloseStatus.SERVER_ERROR : CloseStatus.NORMAL,
                    failure.map(Status::message).orElse(""),
                    Callback.NOOP);
            // Only now: the silence before the end would count, too.
            session.setIdleTimeout(linger);
        });
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        CoreSession session = open.join();
        switch (frame.getOpCode()) {
            case OpCode.PING ->
                session.sendFrame(
                        new Frame(OpCode.PONG, frame.getPayload()), Callback.from(callback, session::demand), false);
            case OpCode.CLOSE -> {
                // Its answer may have to wait behind a piece that the client no longer reads.
                session.setIdleTimeout(linger);
                stream.join().close();
                callback.succeeded();
            }
            default -> {
                callback.succeeded();
                session.demand();
            }
        }
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        LOG.debug("log's connection broken: reason={}", cause.getMessage());
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        stream.join().close();
        callback.succeeded();
    }
}
