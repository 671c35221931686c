package io.skep.cloudstream.internal;

import io.skep.cloudstream.internal.CloudStreamSettings.Limits;
import io.skep.cloudstream.internal.StreamCounters.Event;
import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPeer;
import io.skep.transport.tls.NodeName;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelAcceptor;
import io.skep.transport.tunnel.TunnelFrame.Type;
import io.skep.transport.tunnel.TunnelListener;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tunnels that are open, one a node: a newer one wins. Any thread. */
final class NodeTunnels implements TunnelAcceptor, NodeTunnel.Surroundings {

    static final String PATH = "/v1/kubeedge/connect";
    static final String NODE_HEADER = "SessionHostNameOverride";

    private static final Logger LOG = LoggerFactory.getLogger(NodeTunnels.class);

    private final ModuleContext context;
    private final CloudStreamSettings settings;
    private final StreamCounters counters;
    private final Map<String, NodeTunnel> tunnels = new ConcurrentHashMap<>();
    private final AtomicLong ids = new AtomicLong();

    NodeTunnels(ModuleContext context, CloudStreamSettings settings, StreamCounters counters) {
        this.context = context;
        this.settings = settings;
        this.counters = counters;
    }

    /** See {@link io.skep.kube.api.stream.PodStreams}. */
    PodStream open(String node, Type type, KubeletRequest request, PodStreamListener listener) {
        NodeTunnel tunnel = tunnels.get(node);
        if (tunnel == null) {
            counters.count(Event.REFUSED);
            throw new KubeException(Status.of(
                    Status.SERVICE_UNAVAILABLE,
                    503,
                    "node \"" + node
                            + "\" has no stream tunnel to this cloud: see that the node is online, that edgestream"
                            + " runs there (EdgeCore: modules.edgeStream.enable), and that it reaches port "
                            + settings.port() + " of this cloud"));
        }
        return tunnel.open(ids.incrementAndGet(), type, request, listener);
    }

    @Override
    public Admission admit(LinkPeer peer) {
        Optional<Admission> refusal = refusal(peer);
        refusal.ifPresent(why -> {
            counters.count(Event.TUNNEL_REFUSED);
            LOG.warn("tunnel refused: remote={} reason={}", peer.remote(), why.reason());
        });
        return refusal.orElseGet(() -> Admission.accept(Map.of()));
    }

    private Optional<Admission> refusal(LinkPeer peer) {
        String node = peer.header(NODE_HEADER);
        if (!peer.path().equals(PATH)) {
            return Optional.of(Admission.refuse(404, "tunnels are opened at " + PATH));
        }
        if (!NodeName.isValid(node)) {
            return Optional.of(Admission.refuse(400, "header " + NODE_HEADER + " does not name a node"));
        }
        if (peer.certificates().isEmpty()) {
            return Optional.of(Admission.refuse(401, "no certificate was shown"));
        }
        Optional<String> mismatch = NodeName.mismatch(peer.certificates().get(0), node);
        if (mismatch.isPresent()) {
            return Optional.of(Admission.refuse(403, mismatch.get()));
        }
        Limits limits = settings.limits();
        return tunnels.containsKey(node) || tunnels.size() < limits.tunnels()
                ? Optional.empty()
                : Optional.of(Admission.refuse(503, "too many nodes: at most " + limits.tunnels() + " (node.limit)"));
    }

    @Override
    public TunnelListener opened(LinkPeer peer, Tunnel tunnel) {
        String node = peer.header(NODE_HEADER);
        NodeTunnel opened = new NodeTunnel(node, tunnel, settings.limits(), counters, this);
        NodeTunnel former = tunnels.put(node, opened);
        counters.tunnels(tunnels.size());
        LOG.info("stream tunnel opened: node={} remote={}", node, peer.remote());
        if (former != null) {
            counters.count(Event.TUNNEL_REPLACED);
            String why = "a newer tunnel of this node took its place";
            former.abandon(why);
            former.tunnel().close(why);
        }
        return opened;
    }

    @Override
    public void held(Runnable cut) {
        context.after(settings.limits().stall(), cut);
    }

    @Override
    public void gone(NodeTunnel tunnel, String reason) {
        if (tunnels.remove(tunnel.node(), tunnel)) {
            counters.tunnels(tunnels.size());
            LOG.info("stream tunnel closed: node={} reason={}", tunnel.node(), reason);
        }
    }

    /**
     * Gives up nodes that send nothing any more; to be called every few seconds. A node pings every five, but while a slow
     * caller holds it back its pings wait behind the data: so nodes with streams are pinged, lest they give us up.
     */
    void tick() {
        for (NodeTunnel tunnel : tunnels.values()) {
            if (tunnel.hasStreams()) {
                tunnel.tunnel().ping("");
            }
            if (tunnel.tunnel().silence().compareTo(settings.silence()) > 0) {
                counters.count(Event.TUNNEL_SILENT);
                String why = "nothing was heard for " + settings.silence().toSeconds() + " s";
                tunnel.abandon(why);
                tunnel.tunnel().close(why);
                gone(tunnel, why);
            }
        }
    }

    /** Ends all streams; their callers are told before this returns. */
    void abandon(String reason) {
        for (NodeTunnel tunnel : List.copyOf(tunnels.values())) {
            tunnel.abandon(reason);
            tunnel.tunnel().close(reason);
            gone(tunnel, reason);
        }
    }
}
