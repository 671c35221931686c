package io.skep.transport.internal;

import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPeer;
import io.skep.transport.LinkTarget;
import io.skep.transport.ListenSettings;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelAcceptor;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelListener;
import io.skep.transport.tunnel.TunnelPort;
import io.skep.transport.tunnel.Tunnels;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.core.client.UpgradeListener;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;

/** Tunnels over WebSocket; a client of its own for each we open, since a node opens one. Thread-safe. */
final class WebSocketTunnels implements Tunnels {

    private final JettyRuntime runtime;
    private final Map<WebSocketCoreClient, TunnelWire> outgoing = new ConcurrentHashMap<>();
    private final Set<Port> ports = ConcurrentHashMap.newKeySet();
    private final ReleasedPorts<Port> released;

    WebSocketTunnels(JettyRuntime runtime) {
        this.runtime = runtime;
        this.released = new ReleasedPorts<>(runtime, port -> port.close("nobody took the port over"));
    }

    void stop() {
        ports.forEach(port -> port.close("the transport stops"));
        outgoing.forEach((client, wire) -> {
            wire.close("the transport stops");
            LifeCycle.stop(client);
        });
        outgoing.clear();
    }

    @Override
    public CompletionStage<Tunnel> open(LinkTarget target, Function<Tunnel, TunnelListener> opened) {
        WebSocketCoreClient client = runtime.webSockets().client(target.tls());
        TunnelWire wire = new TunnelWire(runtime, tunnel -> new Ending(opened.apply(tunnel), () -> drop(client)));
        outgoing.put(client, wire);
        CompletableFuture<Tunnel> result = new CompletableFuture<>();
        runtime.webSockets()
                .connect(client, target, wire.session(), new UpgradeListener() {})
                .whenComplete((session, failure) -> {
                    if (failure == null) {
                        result.complete(wire);
                    } else {
                        drop(client);
                        result.completeExceptionally(Refusals.explain(target, failure, ""));
                    }
                });
        return result;
    }

    /** Stopping waits for threads, of which the caller's may be one. */
    private void drop(WebSocketCoreClient client) {
        if (outgoing.remove(client) != null) {
            runtime.executor().execute(() -> LifeCycle.stop(client));
        }
    }

    @Override
    public TunnelPort listen(String name, ListenSettings settings, TunnelAcceptor acceptor) {
        Optional<Port> left = released.take(name, settings);
        left.ifPresent(port -> port.acceptor = acceptor);
        Port port = left.orElseGet(() -> listenAnew(name, settings, acceptor));
        return new Handle(released.hold(name, settings, port));
    }

    private Port listenAnew(String name, ListenSettings settings, TunnelAcceptor acceptor) {
        Port port = new Port(acceptor);
        port.server = Ports.open(runtime, name, settings, port.handler());
        ports.add(port);
        return port;
    }

    private record Handle(ReleasedPorts<Port>.Hold hold) implements TunnelPort {

        @Override
        public int port() {
            return Ports.port(hold.port().server);
        }

        @Override
        public void release(String reason, Duration grace) {
            hold.release(port -> port.leave(reason), grace);
        }

        @Override
        public void close(String reason) {
            hold.close(port -> port.close(reason));
        }
    }

    /** Takes no tunnels: who did is being replaced. */
    private static final class Nobody implements TunnelAcceptor {

        private static final String WHY = "being replaced: try again";

        @Override
        public Admission admit(LinkPeer peer) {
            return Admission.refuse(HttpStatus.SERVICE_UNAVAILABLE_503, WHY);
        }

        @Override
        public TunnelListener opened(LinkPeer peer, Tunnel tunnel) {
            tunnel.close(WHY); // admitted by the one before
            return new TunnelListener() {
                @Override
                public CompletionStage<Void> received(TunnelFrame frame) {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void closed(String reason) {}
            };
        }
    }

    /** Tells the listener, and then whoever cleans up. */
    private record Ending(TunnelListener listener, Runnable after) implements TunnelListener {

        @Override
        public CompletionStage<Void> received(TunnelFrame frame) {
            return listener.received(frame);
        }

        @Override
        public void closed(String reason) {
            try {
                listener.closed(reason);
            } finally {
                after.run();
            }
        }
    }

    /** One listening port with its tunnels. */
    private final class Port {

        private volatile TunnelAcceptor acceptor;
        private final Set<Tunnel> tunnels = ConcurrentHashMap.newKeySet();
        private volatile Server server;

        Port(TunnelAcceptor acceptor) {
            this.acceptor = acceptor;
        }

        void close(String reason) {
            if (ports.remove(this)) {
                tunnels.forEach(tunnel -> tunnel.close(reason));
                Ports.close(server);
            }
        }

        // First nobody: a tunnel that is just being opened is closed by him, or below.
        void leave(String reason) {
            acceptor = new Nobody();
            tunnels.forEach(tunnel -> tunnel.close(reason));
        }

        private TunnelListener opened(LinkPeer peer, Tunnel tunnel) {
            tunnels.add(tunnel);
            return new Ending(acceptor.opened(peer, tunnel), () -> tunnels.remove(tunnel));
        }

        Handler handler() {
            return new Handler.Abstract() {
                @Override
                public boolean handle(Request request, Response response, Callback callback) {
                    LinkPeer peer = Peers.of(request);
                    Admission admission = request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")
                            ? acceptor.admit(peer)
                            : Admission.refuse(HttpStatus.UPGRADE_REQUIRED_426, "only WebSocket is spoken here");
                    if (!admission.accepted()) {
                        Response.writeError(request, response, callback, admission.status(), admission.reason());
                    } else if (!upgrade(peer, request, response, callback)) {
                        Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
                    }
                    return true;
                }
            };
        }

        private boolean upgrade(LinkPeer peer, Request request, Response response, Callback callback) {
            TunnelWire wire = new TunnelWire(runtime, tunnel -> opened(peer, tunnel));
            return runtime.webSockets().upgrade(request, response, callback, wire.session(), Map.of());
        }
    }
}
