package io.skep.edgestream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.kube.api.stream.PodStreams;
import io.skep.runtime.api.PodRuntime;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.Tunnels;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's end of the stream tunnel: what {@code kubectl logs} and {@code kubectl exec} ask of the node's containers is answered through a
 * connection the node opened itself; and what is asked of them on the node, without one. What is under way ends when the module goes, as with a kubelet that restarts.
 */
@Component(
        service = {EdgeModule.class, MetricSource.class},
        configurationPid = EdgeStreamConfig.PID,
        property = {EdgeModule.NAME + "=" + ModuleNames.EDGE_STREAM, EdgeModule.GROUP + "=" + ModuleNames.EDGE_STREAM})
@Designate(ocd = EdgeStreamConfig.class)
public final class EdgeStreamModule implements EdgeModule, MetricSource {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeStreamModule.class);

    private final EdgeStreamSettings settings;
    private final Tunnels tunnels;
    private final Containers containers = new Containers();
    private final Figures figures = new Figures();
    private final Registry registry;
    private Optional<TunnelKeeper> keeper = Optional.empty();
    private Optional<LocalStreams> local = Optional.empty();
    private Optional<Threads> threads = Optional.empty();
    private Runnable withdraw = () -> {};
    private ModuleContext context;

    /** Where ways to containers are found; the result takes ours away again. */
    interface Registry {
        Runnable offer(PodStreams way);
    }

    @Activate
    public EdgeStreamModule(
            BundleContext bundle, @Reference Tunnels tunnels, @Reference Hub hub, EdgeStreamConfig config) {
        this(EdgeStreamSettings.from(config, hub.config(), dataFolder(bundle)), tunnels, way -> {
            ServiceRegistration<PodStreams> registration = bundle.registerService(PodStreams.class, way, null);
            return registration::unregister;
        });
    }

    EdgeStreamModule(EdgeStreamSettings settings, Tunnels tunnels, Registry registry) {
        this.settings = settings;
        this.tunnels = tunnels;
        this.registry = registry;
    }

    private static Path dataFolder(BundleContext bundle) {
        String folder = bundle.getProperty("karaf.data");
        return Path.of(folder == null ? "data" : folder);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindRuntime")
    void bindRuntime(PodRuntime runtime) {
        containers.bind(runtime);
    }

    void unbindRuntime(PodRuntime runtime) {
        containers.unbind(runtime);
    }

    @Override
    public void start(ModuleContext value, Handover handover) {
        if (!handover.isEmpty()) {
            throw new EdgeException(Reason.INVALID, "cannot take over from version " + handover.version());
        }
        context = value;
        Threads started = new Threads(settings.maxStreams());
        threads = Optional.of(started);
        Function<Tunnel, Streams> user =
                tunnel -> new Streams(context, containers, started, settings.maxStreams(), figures, tunnel);
        offer(user);
        if (settings.cloud().isEmpty()) {
            LOG.info("no tunnel: it is switched off, or no cloud is configured: node={}", settings.node());
            return;
        }
        TunnelKeeper kept = new TunnelKeeper(
                settings, settings.cloud().get(), tunnels, context, user, figures, RandomGenerator.getDefault());
        keeper = Optional.of(kept);
        kept.start();
    }

    /** For an API of the node's own. Where CloudStream is in the same process, that one knows the way to every node. */
    private void offer(Function<Tunnel, Streams> user) {
        boolean besideCloud = context.bus().status().mailboxes().stream()
                .anyMatch(mailbox -> mailbox.module().equals(ModuleNames.CLOUD_STREAM));
        if (!besideCloud) {
            LocalStreams way = new LocalStreams(context, settings.node(), settings.maxStreams(), user);
            local = Optional.of(way);
            withdraw = registry.offer(way);
        }
    }

    /** Nobody sends us anything yet. */
    @Override
    public void receive(Message message) {
        if (message.header().sync()) {
            context.bus()
                    .sendResp(message.error(
                            ModuleNames.EDGE_STREAM,
                            new EdgeException(Reason.NOT_FOUND, "edgestream answers no messages")));
        }
    }

    @Override
    public Handover stop() {
        withdraw.run();
        withdraw = () -> {};
        local.ifPresent(way -> way.close("edgestream stops"));
        local = Optional.empty();
        keeper.ifPresent(TunnelKeeper::stop);
        keeper = Optional.empty();
        threads.ifPresent(Threads::close);
        threads = Optional.empty();
        return Handover.NONE;
    }

    @Override
    public List<Sample> samples() {
        return figures.samples();
    }
}
