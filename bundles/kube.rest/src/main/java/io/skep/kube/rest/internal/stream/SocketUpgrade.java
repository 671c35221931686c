package io.skep.kube.rest.internal.stream;

import static io.skep.kube.rest.internal.stream.QueryValues.badRequest;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;

/** Has Jetty make a servlet's request a WebSocket. Loaded with the first one: a node that serves none has no use for it. */
final class SocketUpgrade {

    /** Only for the handshake: pools and threads of a connection are its connector's, and no extension is agreed to. */
    private static final WebSocketMappings JETTY = new WebSocketMappings(
            new WebSocketComponents(null, null, ByteBufferPool.NON_POOLING, null, null, Runnable::run));

    private SocketUpgrade() {}

    /**
     * Answers the handshake; {@code socket} has the connection when the servlet returns, and is abandoned when it breaks before.
     *
     * @throws io.skep.kube.api.KubeException when it is none; nothing is answered then
     */
    static void begin(HttpServletRequest request, LogSocket socket) throws IOException {
        ServletContextRequest core = ServletContextRequest.getServletContextRequest(request);
        ClientConnection.keepAlive(core.getConnectionMetaData().getConnection().getEndPoint());
        Callback.Completable written = new Callback.Completable(InvocationType.NON_BLOCKING);
        if (!isUpgraded(core, socket, written)) {
            throw badRequest("this is no WebSocket handshake of version 13");
        }
        Request.addCompletionListener(core, failure -> {
            if (failure != null) {
                socket.abandon();
            }
        });
        written.join();
    }

    private static boolean isUpgraded(ServletContextRequest core, LogSocket socket, Callback written)
            throws IOException {
        try {
            return JETTY.upgrade(new Negotiator(socket), core, core.getServletContextResponse(), written, null);
        } catch (HttpException.RuntimeException e) {
            throw badRequest(e.getReason());
        }
    }

    private record Negotiator(LogSocket socket) implements WebSocketNegotiator {

        @Override
        public FrameHandler negotiate(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
            response.setExtensions(List.of());
            if (socket.protocol() != SocketProtocol.UNNAMED) {
                response.setAcceptedSubProtocol(socket.protocol().word());
            }
            return socket;
        }
    }
}
