package io.skep.kube.rest.internal.stream;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.HttpStream;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;

/**
 * Gives a connection away when its request is through. Jetty does that itself after a response that switches protocols; here
 * the response is somebody else's, so that Jetty's own is kept from the wire.
 */
final class RawUpgrade extends HttpStream.Wrapper {

    private final Runnable lost;

    private RawUpgrade(HttpStream wrapped, Runnable lost) {
        super(wrapped);
        this.lost = lost;
    }

    /**
     * Has {@code successor} take over when the servlet returns.
     *
     * @param lost is run when the connection breaks before
     */
    static void begin(ServletRequest request, HttpServletResponse response, Connection successor, Runnable lost) {
        Request core = ClientConnection.core(request);
        core.setAttribute(HttpStream.UPGRADE_CONNECTION_ATTRIBUTE, successor);
        core.addHttpStreamWrapper(stream -> new RawUpgrade(stream, lost));
        response.setStatus(HttpServletResponse.SC_SWITCHING_PROTOCOLS);
    }

    @Override
    public void send(
            MetaData.Request request, MetaData.Response response, boolean last, ByteBuffer content, Callback callback) {
        callback.succeeded();
    }

    @Override
    public void failed(Throwable failure) {
        lost.run();
        super.failed(failure);
    }
}
