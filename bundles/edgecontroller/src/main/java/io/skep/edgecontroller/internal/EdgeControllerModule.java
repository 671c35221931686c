package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.kube.api.ResourceStore;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Between the Kubernetes API and the hub: wiring and dispatch. All state can be read again from the store and the hub, so
 * nothing is handed over to a successor. Writes to the store wait in the worker pool.
 */
@Component(
        configurationPid = EdgeControllerConfig.PID,
        service = {EdgeModule.class, MetricSource.class},
        property = {
            EdgeModule.NAME + "=" + ModuleNames.EDGE_CONTROLLER,
            EdgeModule.GROUP + "=" + ModuleNames.EDGE_CONTROLLER
        })
@Designate(ocd = EdgeControllerConfig.class)
public final class EdgeControllerModule implements EdgeModule, MetricSource {

    /** A node in the same process may keep a store too, but not the truth. */
    private static final String CLOUD_STORE = "(|(kube.store=embedded)(kube.store=external))";

    private static final Logger LOG = LoggerFactory.getLogger(EdgeControllerModule.class);

    private final ResourceStore store;
    private final EdgeControllerSettings settings;
    private final Counters counters = new Counters();
    private volatile Health health = Health.unhealthy("Starting", "resources are not listed yet");
    private Resources resources;
    private Upstream upstream;
    private Downstream downstream;
    private NodeLife life;

    @Activate
    public EdgeControllerModule(
            @Reference(name = "store", target = CLOUD_STORE) ResourceStore store, EdgeControllerConfig config) {
        this(store, EdgeControllerSettings.from(config));
    }

    EdgeControllerModule(ResourceStore store, EdgeControllerSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    @Override
    public void start(ModuleContext context, Handover handover) {
        Left left = Left.read(handover);
        downstream = new Downstream(context, settings.resendAfter(), counters);
        NodeMarks marks = new NodeMarks(store, context.clock());
        life = new NodeLife(context, marks, settings.leaseGrace(), counters);
        resources = new Resources(context, store, downstream, life, settings, () -> {
            health = Health.HEALTHY;
            LOG.info("resources listed");
        });
        upstream = new Upstream(
                context,
                Requests.on(store, marks, new NodeAccess(store, settings.authorization())),
                downstream,
                counters,
                life,
                resources);
        life.inherit(left.pulses());
        resources.start();
        left.answers().forEach(downstream::deliver);
        left.requests().forEach(upstream::receive);
        HubSessions.ask(context, resources::connected);
    }

    @Override
    public void receive(Message message) {
        Optional<HubSessions.Notice> notice = HubSessions.notice(message);
        if (notice.isPresent()) {
            String node = notice.get().node();
            if (notice.get().connected()) {
                resources.connected(node);
            } else {
                resources.disconnected(node);
            }
            return;
        }
        upstream.receive(message);
    }

    @Override
    public Handover stop() {
        Handover left = Handover.NONE;
        if (resources != null) {
            left = new Left(life.left(), upstream.inHand(), downstream.waiting()).handover();
            resources.stop();
            resources = null;
            upstream = null;
        }
        health = Health.unhealthy("Stopped", "not started");
        return left;
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public List<Sample> samples() {
        return counters.samples();
    }
}
