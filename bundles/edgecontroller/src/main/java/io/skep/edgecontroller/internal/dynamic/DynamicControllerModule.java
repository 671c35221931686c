package io.skep.edgecontroller.internal.dynamic;

import static io.skep.core.api.application.Application.WATCHES;

import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.edgecontroller.internal.EdgeControllerConfig;
import io.skep.edgecontroller.internal.HubSessions;
import io.skep.edgecontroller.internal.dynamic.DynamicCounters.Outcome;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * The Kubernetes API for MetaServers on nodes: wiring and dispatch. Watches are left to the successor, requests in hand are
 * answered as not done. Switched off it still answers, so that nodes don't wait, and hands out RuntimeClasses, without which
 * pods would.
 */
@Component(
        configurationPid = EdgeControllerConfig.PID,
        service = {EdgeModule.class, MetricSource.class},
        property = {
            EdgeModule.NAME + "=" + ModuleNames.DYNAMIC_CONTROLLER,
            EdgeModule.GROUP + "=" + ModuleNames.DYNAMIC_CONTROLLER
        })
public final class DynamicControllerModule implements EdgeModule, MetricSource {

    /** A node in the same process may keep a store too, but not the truth. */
    private static final String CLOUD_STORE = "(|(kube.store=embedded)(kube.store=external))";

    private static final Status OFF = Refusals.unavailable(
            "the cloud does not serve MetaServers: dynamic.enabled of io.skep.edgecontroller is false");
    private static final Set<String> UNANSWERED = Set.of(Operation.RESPONSE, Operation.ERROR, Operation.KEEPALIVE);

    private final ResourceStore store;
    private final DynamicSettings settings;
    private final DynamicCounters counters = new DynamicCounters();
    private volatile boolean running;
    private Watches watches;
    private Applications applications;

    @Activate
    public DynamicControllerModule(
            @Reference(name = "store", target = CLOUD_STORE) ResourceStore store, EdgeControllerConfig config) {
        this(store, DynamicSettings.from(config));
    }

    DynamicControllerModule(ResourceStore store, DynamicSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    @Override
    public void start(ModuleContext context, Handover handover) {
        List<Application> left = LeftWatches.read(handover);
        Outbox outbox = new Outbox(context, counters);
        watches = new Watches(context, store, outbox, counters, settings.listeners());
        applications = new Applications(
                context, store, new ApplicationRequests(store, new Grants(store, settings)), watches, outbox, counters);
        if (settings.enabled()) {
            applications.resume(left);
            HubSessions.ask(context, watches::connected);
        }
        running = true;
    }

    @Override
    public void receive(Message message) {
        Optional<HubSessions.Notice> notice = HubSessions.notice(message);
        if (notice.isPresent()) {
            link(notice.get());
            return;
        }
        String[] parts = message.route().resource().split("/", 3);
        boolean fromNode = parts.length == 3 && parts[0].equals("node");
        if (!fromNode || UNANSWERED.contains(message.route().operation())) {
            counters.application(Outcome.IGNORED);
        } else if (!settings.enabled() && !isForAPod(parts[1], message)) {
            applications.refuse(parts[1], message, OFF);
        } else if (parts[2].equals(WATCHES)) {
            applications.sync(parts[1], message);
        } else {
            applications.receive(parts[1], message);
        }
    }

    /** Whether it is what a node itself asks for the sake of a pod, through the same door, and not a MetaServer. */
    private static boolean isForAPod(String node, Message message) {
        try {
            Application application = Application.read(node, message);
            return application.verb().equals(Verb.GET.wire())
                    && ApplicationKey.parse(application.key()).isOf(Kinds.RUNTIME_CLASS);
        } catch (KubeException e) {
            return false;
        }
    }

    private void link(HubSessions.Notice notice) {
        if (notice.connected()) {
            watches.connected(notice.node());
        } else {
            watches.disconnected(notice.node());
        }
    }

    @Override
    public Handover stop() {
        if (watches == null) {
            return Handover.NONE;
        }
        Handover left = LeftWatches.handover(watches.all());
        applications.abandon();
        watches.stop();
        watches = null;
        applications = null;
        running = false;
        return left;
    }

    @Override
    public Health health() {
        return running ? Health.HEALTHY : Health.unhealthy("Stopped", "not started");
    }

    @Override
    public List<Sample> samples() {
        return counters.samples();
    }
}
