package io.skep.kube.rest.internal.stream;

import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection below one HTTP/1.1 request, as Jetty has it: a servlet alone neither notices that a client left nor can cut
 * an answer short. Whoever watches must send {@code Connection: close}, since what the client sends meanwhile is dropped.
 */
final class ClientConnection {

    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);
    private static final int SCRATCH_BYTES = 512;

    private final EndPoint endPoint;
    private final long idleMillis;
    private volatile boolean released;

    private ClientConnection(EndPoint endPoint) {
        this.endPoint = endPoint;
        this.idleMillis = endPoint.getIdleTimeout();
    }

    /** The connection of a request; empty when it is none of HTTP/1.1, whose streams share one. */
    static Optional<ClientConnection> of(ServletRequest request) {
        Request core = core(request);
        return core.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1
                ? Optional.of(new ClientConnection(
                        core.getConnectionMetaData().getConnection().getEndPoint()))
                : Optional.empty();
    }

    static Request core(ServletRequest request) {
        return Request.unWrap(ServletContextRequest.getServletContextRequest(request));
    }

    /** Lets the connection be silent, and calls {@code gone}, once, when the client closes it. */
    void watch(Runnable gone) {
        endPoint.setIdleTimeout(0);
        keepAlive(endPoint);
        listen(gone);
    }

    /** Has the system notice a client that vanished without a word. */
    static void keepAlive(EndPoint endPoint) {
        if (endPoint.getTransport() instanceof SocketChannel channel) {
            try {
                channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
            } catch (IOException e) {
                LOG.debug("keepalive not set: remote={} reason={}", endPoint.getRemoteSocketAddress(), e.getMessage());
            }
        }
    }

    private void listen(Runnable gone) {
        boolean listening = endPoint.tryFillInterested(Callback.from(
                () -> {
                    if (hasClosed()) {
                        tell(gone);
                    } else {
                        listen(gone);
                    }
                },
                failure -> tell(gone)));
        if (!listening) {
            LOG.debug("somebody else reads already: remote={}", endPoint.getRemoteSocketAddress());
        }
    }

    private void tell(Runnable gone) {
        if (!released) {
            gone.run();
        }
    }

    private boolean hasClosed() {
        ByteBuffer scratch = BufferUtil.allocate(SCRATCH_BYTES);
        try {
            int filled = endPoint.fill(scratch);
            while (filled > 0) {
                BufferUtil.clear(scratch);
                filled = endPoint.fill(scratch);
            }
            return filled < 0;
        } catch (IOException e) {
            LOG.debug("client is gone: remote={} reason={}", endPoint.getRemoteSocketAddress(), e.getMessage());
            return true;
        }
    }

    /** Gives the connection back to HTTP; to be called before the request is completed. */
    void release() {
        released = true;
        endPoint.setIdleTimeout(idleMillis);
        if (endPoint instanceof org.eclipse.jetty.io.AbstractEndPoint own) {
            own.getFillInterest().onFail(new IOException("no longer watched"));
        }
    }

    /** Closes it, so that the client sees a cut answer and no end. */
    void abort(String reason) {
        endPoint.close(new IOException(reason));
    }
}
