package io.skep.cloudstream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.HealthCheck;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import io.skep.kube.api.stream.PodStreams;
import io.skep.transport.tunnel.TunnelFrame.Type;
import io.skep.transport.tunnel.Tunnels;
import java.time.Duration;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to containers on nodes: wiring. Streams run on transport's and their callers' threads, not on the module's, so that
 * no log waits for another. They live in this process: replaced while it runs, the module ends them, and nodes open their
 * tunnels anew within seconds.
 *
 * <p>KubeEdge's cloud also writes its tunnel port into {@code node.status.daemonEndpoints}, for an API server that dials the
 * node's address and is led elsewhere by iptables. Our API server asks here by the node's name and dials nothing; so the status
 * stays as the node reports it.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudstream/tunnelserver.go}.
 */
@Component(
        configurationPid = CloudStreamConfig.PID,
        service = {EdgeModule.class, PodStreams.class, MetricSource.class, HealthCheck.class},
        property = {EdgeModule.NAME + "=" + ModuleNames.CLOUD_STREAM, EdgeModule.GROUP + "=" + ModuleNames.CLOUD_STREAM
        })
@Designate(ocd = CloudStreamConfig.class)
public final class CloudStreamModule implements EdgeModule, PodStreams, MetricSource, HealthCheck {

    /** A node in the same process may keep a store too, but not the hub's secrets. */
    private static final String CLOUD_STORE = "(|(kube.store=embedded)(kube.store=external))";

    private static final Logger LOG = LoggerFactory.getLogger(CloudStreamModule.class);

    private static final Duration TICK = Duration.ofSeconds(3);

    private final ResourceStore store;
    private final Tunnels transport;
    private final CloudStreamSettings settings;
    private final StreamCounters counters = new StreamCounters();
    private ModuleContext context;
    private volatile Running running;

    private record Running(NodeTunnels tunnels, TunnelDoor door) {}

    @Activate
    public CloudStreamModule(
            @Reference(name = "store", target = CLOUD_STORE) ResourceStore store,
            @Reference Tunnels transport,
            CloudStreamConfig config) {
        this(store, transport, CloudStreamSettings.from(config));
    }

    CloudStreamModule(ResourceStore store, Tunnels transport, CloudStreamSettings settings) {
        this.store = store;
        this.transport = transport;
        this.settings = settings;
    }

    @Override
    public void start(ModuleContext moduleContext, Handover handover) {
        context = moduleContext;
        NodeTunnels tunnels = new NodeTunnels(context, settings, counters);
        TunnelDoor door = new TunnelDoor(context, store, transport, settings, tunnels);
        running = new Running(tunnels, door);
        door.open();
        context.every(TICK, tunnels::tick);
    }

    /** Nobody has anything to say to it: who wants a stream calls {@link PodStreams}. */
    @Override
    public void receive(Message message) {
        LOG.debug("message not for cloudstream: id={} route={}", message.id(), message.route());
        if (message.header().sync()) {
            context.bus()
                    .sendResp(message.error(
                            ModuleNames.CLOUD_STREAM,
                            new EdgeException(Reason.NOT_FOUND, "cloudstream answers no messages")));
        }
    }

    @Override
    public Handover stop() {
        Running stopping = running;
        running = null;
        if (stopping != null) {
            String why = "cloudstream stops";
            stopping.tunnels().abandon(why);
            stopping.door().close(why);
        }
        return Handover.NONE;
    }

    @Override
    public PodStream logs(String node, KubeletRequest request, PodStreamListener listener) {
        return tunnels().open(node, Type.LOGS, request, listener);
    }

    @Override
    public PodStream exec(String node, KubeletRequest request, PodStreamListener listener) {
        return tunnels().open(node, Type.EXEC, request, listener);
    }

    private NodeTunnels tunnels() {
        Running now = running;
        if (now == null) {
            throw new KubeException(
                    Status.of(Status.SERVICE_UNAVAILABLE, 503, "cloudstream is being replaced: try again"));
        }
        return now.tunnels();
    }

    @Override
    public Health health() {
        Running now = running;
        return now == null
                ? Health.unhealthy("Stopped", "not started")
                : now.door().health();
    }

    @Override
    public String name() {
        return "cloudstream";
    }

    @Override
    public Health check() {
        return health();
    }

    @Override
    public List<Sample> samples() {
        return counters.samples();
    }

    /** The port listened on, 0 while it is closed; for tests. */
    int port() {
        Running now = running;
        return now == null ? 0 : now.door().port();
    }
}
