package io.skep.kube.rest.internal.stream;

import io.skep.kube.api.Status;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a client's connection when it runs a command: bytes go to the node and back as they are, the node's HTTP
 * response first. Each direction waits for the other end, one piece at a time.
 */
final class ExecPipe extends AbstractConnection implements Connection.UpgradeTo, PodStreamListener {

    private static final Logger LOG = LoggerFactory.getLogger(ExecPipe.class);

    /** Kubernetes' {@code --streaming-connection-idle-timeout}. */
    private static final Duration IDLE = Duration.ofHours(4);

    private static final int BUFFER_BYTES = 16 << 10;

    /** What the node says before the connection is ours waits for this. */
    private final CompletableFuture<Void> open = new CompletableFuture<>();

    private final CompletableFuture<PodStream> stream = new CompletableFuture<>();
    private final Duration linger;
    private volatile byte[] early = {};
    private volatile boolean lingering;

    /** @param linger how long a client may take to close after the node has said all */
    ExecPipe(EndPoint endPoint, Executor executor, Duration linger) {
        super(endPoint, executor);
        this.linger = linger;
        setInputBufferSize(BUFFER_BYTES);
    }

    /** Names the node's end; before the connection is upgraded. */
    void attach(PodStream opened) {
        stream.complete(opened);
    }

    /** The connection was lost before it was ours. */
    void abandon() {
        stream.join().close();
        open.completeExceptionally(new EOFException("the client is gone"));
    }

    @Override
    public void onUpgradeTo(ByteBuffer buffer) {
        early = BufferUtil.toArray(buffer);
        BufferUtil.clear(buffer);
    }

    @Override
    public void onOpen() {
        super.onOpen();
        getEndPoint().setIdleTimeout(IDLE.toMillis());
        ClientConnection.keepAlive(getEndPoint());
        open.complete(null);
        if (early.length == 0) {
            onFillable();
        } else {
            forward(early).whenComplete((done, trouble) -> goOn(trouble));
        }
    }

    @Override
    public void onFillable() {
        ByteBuffer buffer = BufferUtil.allocate(getInputBufferSize());
        try {
            while (true) {
                int filled = getEndPoint().fill(buffer);
                if (filled < 0) {
                    close();
                    return;
                }
                if (filled == 0) {
                    fillInterested();
                    return;
                }
                byte[] bytes = BufferUtil.toArray(buffer);
                BufferUtil.clear(buffer);
                CompletableFuture<Void> taken = forward(bytes);
                if (!taken.isDone()) {
                    taken.whenComplete((done, trouble) -> goOn(trouble));
                    return;
                }
                taken.getNow(null);
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("command's connection broken: remote={} reason={}", remote(), e.getMessage());
            close();
        }
    }

    private CompletableFuture<Void> forward(byte[] bytes) {
        return lingering
                ? CompletableFuture.completedFuture(null)
                : stream.join().send(bytes).toCompletableFuture();
    }

    /** On a thread of ours: the one that calls may be the node's tunnel. */
    private void goOn(Throwable trouble) {
        if (trouble == null) {
            getExecutor().execute(this::onFillable);
        } else {
            LOG.debug("command's node takes no more: remote={} reason={}", remote(), trouble.getMessage());
            close();
        }
    }

    private Object remote() {
        return getEndPoint().getRemoteSocketAddress();
    }

    @Override
    public CompletionStage<Void> received(byte[] data) {
        return open.thenCompose(ready -> {
            CompletableFuture<Void> written = new CompletableFuture<>();
            getEndPoint()
                    .write(
                            Callback.from(() -> written.complete(null), written::completeExceptionally),
                            ByteBuffer.wrap(data));
            return written;
        });
    }

    /** All is written by now. Closing at once would make what the client still sends an error, and lose what it has not read. */
    @Override
    public void ended(Optional<Status> failure) {
        open.thenRun(() -> {
            failure.ifPresent(why -> LOG.debug("command cut: remote={} reason={}", remote(), why.message()));
            lingering = true;
            getEndPoint().setIdleTimeout(linger.toMillis());
            getEndPoint().shutdownOutput();
        });
    }

    @Override
    public void onClose(Throwable cause) {
        super.onClose(cause);
        stream.join().close();
    }
}
