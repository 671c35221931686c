package io.skep.transport.internal;

import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkClient;
import io.skep.transport.LinkPort;
import io.skep.transport.LinkServer;
import io.skep.transport.LinkTarget;
import io.skep.transport.ListenSettings;
import io.skep.transport.http.HttpHandler;
import io.skep.transport.http.HttpPort;
import io.skep.transport.http.HttpServer;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelAcceptor;
import io.skep.transport.tunnel.TunnelListener;
import io.skep.transport.tunnel.TunnelPort;
import io.skep.transport.tunnel.Tunnels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** The transport's services on Jetty. It owns all links, ports and threads of the process that carry them. */
@Component(service = {LinkClient.class, LinkServer.class, HttpServer.class, Tunnels.class, MetricSource.class})
public final class JettyTransport implements LinkClient, LinkServer, HttpServer, Tunnels, MetricSource {

    private final JettyRuntime runtime = new JettyRuntime();
    private final ClientLinks clients;
    private final ServerLinks servers;
    private final HttpDoor door;
    private final WebSocketTunnels tunnels;

    /** Starts the shared threads. */
    @Activate
    public JettyTransport() {
        AtomicLong numbers = new AtomicLong();
        clients = new ClientLinks(runtime, numbers);
        servers = new ServerLinks(runtime, numbers);
        door = new HttpDoor(runtime);
        tunnels = new WebSocketTunnels(runtime);
        runtime.start();
    }

    /** Closes everything; takes some seconds at most. */
    @Deactivate
    public void stop() {
        clients.stop();
        servers.stop();
        door.stop();
        tunnels.stop();
        runtime.stop();
    }

    @Override
    public Optional<Link> find(String key) {
        return clients.find(key);
    }

    @Override
    public CompletionStage<Link> open(String key, LinkTarget target) {
        return clients.open(key, target);
    }

    @Override
    public LinkPort listen(String key, ListenSettings settings, LinkAcceptor acceptor) {
        return servers.listen(key, settings, acceptor);
    }

    @Override
    public HttpPort serve(String name, ListenSettings settings, HttpHandler handler) {
        return door.serve(name, settings, handler);
    }

    @Override
    public CompletionStage<Tunnel> open(LinkTarget target, Function<Tunnel, TunnelListener> opened) {
        return tunnels.open(target, opened);
    }

    @Override
    public TunnelPort listen(String name, ListenSettings settings, TunnelAcceptor acceptor) {
        return tunnels.listen(name, settings, acceptor);
    }

    @Override
    public List<Sample> samples() {
        int open = 0;
        long queued = 0;
        for (LiveLink link : runtime.links()) {
            open++;
            queued += link.counters().queued();
        }
        return List.of(
                Sample.gauge("skep_link_open", "Links open now, both directions.", Map.of(), open),
                Sample.gauge("skep_link_queued", "Messages waiting to be written to a link.", Map.of(), queued));
    }
}
