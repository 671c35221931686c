package io.skep.edged.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.ResourcePath;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.HealthCheck;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.StoreStatus;
import io.skep.edged.internal.link.Jobs;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.link.Meta;
import io.skep.edged.internal.link.OwnThreads;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.node.Machine;
import io.skep.edged.internal.node.NodeKeeper;
import io.skep.edged.internal.node.RuntimeState;
import io.skep.edged.internal.pod.Kubelet;
import io.skep.edged.internal.pod.PodView.Counts;
import io.skep.edged.internal.pressure.Gauge;
import io.skep.edged.internal.pressure.NodeGauge;
import io.skep.edged.internal.pressure.Pressures;
import io.skep.edged.internal.probe.Check;
import io.skep.edged.internal.probe.Http;
import io.skep.edged.internal.runtime.Runtimes;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.GrpcHealth;
import io.skep.runtime.api.PodRuntime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kubelet-lite: runs the pods MetaManager hands on and speaks for the node. This class wires and dispatches; pods are in
 * {@link Kubelet}, the node is in {@link NodeKeeper}. All but the snapshots for health and metrics belongs to the module's
 * thread.
 *
 * <p>What has to outlive the process is in the store, written as it happens. The handover adds what is under way or counted:
 * pauses, probes, graces, starts. Containers never notice that edged was replaced.
 */
@Component(
        service = {EdgeModule.class, MetricSource.class, HealthCheck.class},
        configurationPid = EdgedConfig.PID,
        property = {EdgeModule.NAME + "=" + ModuleNames.EDGED, EdgeModule.GROUP + "=" + ModuleNames.GROUP_EDGED})
@Designate(ocd = EdgedConfig.class)
public final class EdgedModule implements EdgeModule, MetricSource, HealthCheck {

    /** Asks for the pods' end because the machine goes down; answered when they have ended. */
    static final String SHUTDOWN = "shutdown";

    private static final Logger LOG = LoggerFactory.getLogger(EdgedModule.class);

    private final DocumentStore store;
    private final EdgedSettings settings;
    private final Machine machine;
    private final Runtimes runtimes;
    private final Gauge gauge;
    private final Function<ModuleContext, Jobs> jobs;
    private ModuleContext context;
    private Kubelet kubelet;
    private NodeKeeper node;
    private RuntimeState runtime = RuntimeState.NONE;
    private volatile Counts counts = Counts.NONE;
    private volatile RuntimeState shown = RuntimeState.NONE;
    private volatile GrpcHealth grpc;

    @Activate
    public EdgedModule(@Reference DocumentStore store, BundleContext bundles, EdgedConfig config) {
        this(store, EdgedSettings.from(config, Objects.requireNonNullElse(bundles.getProperty("karaf.data"), "data")));
    }

    private EdgedModule(DocumentStore store, EdgedSettings settings) {
        this(store, settings, new Runtimes(settings.runtime()));
    }

    private EdgedModule(DocumentStore store, EdgedSettings settings, Runtimes runtimes) {
        this(store, settings, runtimes, new NodeGauge(runtimes::byDefault), OwnThreads::new);
    }

    EdgedModule(
            DocumentStore store,
            EdgedSettings settings,
            Runtimes runtimes,
            Gauge gauge,
            Function<ModuleContext, Jobs> jobs) {
        this.store = store;
        this.settings = settings;
        this.machine = new Machine(settings.data());
        this.runtimes = runtimes;
        this.gauge = gauge;
        this.jobs = jobs;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC, unbind = "unbindRuntime")
    void bindRuntime(PodRuntime service, Map<String, Object> properties) {
        runtimes.bind(String.valueOf(properties.get(PodRuntime.NAME)), service);
    }

    void unbindRuntime(PodRuntime service, Map<String, Object> properties) {
        runtimes.unbind(String.valueOf(properties.get(PodRuntime.NAME)), service);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindGrpc(GrpcHealth service) {
        grpc = service;
    }

    void unbindGrpc(GrpcHealth service) {
        if (grpc == service) {
            grpc = null;
        }
    }

    @Override
    public void start(ModuleContext moduleContext, Handover handover) {
        context = moduleContext;
        runtime = RuntimeState.NONE;
        Meta meta = new Meta(context);
        Pressures pressures = new Pressures(settings.allotment().eviction());
        node = new NodeKeeper(
                context,
                meta,
                settings.identity(),
                machine,
                new NodeKeeper.Periods(settings.statusPeriod(), settings.reportPeriod(), settings.leaseDuration()),
                settings.allotment(),
                gauge,
                pressures,
                this::shown,
                () -> kubelet.tick());
        node.start();
        kubelet = new Kubelet(
                context,
                jobs.apply(context),
                meta,
                store,
                runtimes,
                new Check(new Http(), () -> Optional.ofNullable(grpc)),
                node::hostFacts,
                settings.identity().name(),
                node::uid,
                new Kubelet.Limits(
                        settings.data(),
                        settings.allotment().maxPods(),
                        settings.sysctls(),
                        settings.relist(),
                        settings.manifests(),
                        settings.images(),
                        settings.shutdown()),
                pressures,
                gauge,
                this::look);
        kubelet.start(handover);
        meta.connected(this::connected);
        LOG.info("edged started: node={} data={}", settings.identity().name(), settings.data());
    }

    @Override
    public Handover stop() {
        node.stop();
        return kubelet.stop();
    }

    @Override
    public void receive(Message message) {
        String resource = message.route().resource();
        if (resource.equals(ModuleNames.NODE_CONNECTION)) {
            connected(message.content().json().equals(ModuleNames.CLOUD_CONNECTED));
            return;
        }
        if (message.route().operation().equals(Operation.QUERY)) {
            context.bus().sendResp(Inquiries.answer(kubelet, message));
            return;
        }
        if (resource.equals(SHUTDOWN)) {
            kubelet.shutDown(() -> context.bus().sendResp(message.reply(ModuleNames.EDGED, Content.OK)));
            node.runtimeChanged();
            return;
        }
        if (message.isReply()) {
            LOG.debug("reply nobody waits for: id={} resource={}", message.id(), resource);
            return;
        }
        try {
            ResourcePath path = ResourcePath.parse(resource)
                    .orElseThrow(() -> new EdgeException(Reason.BAD_REQUEST, "no resource edged knows: " + resource));
            dispatch(message, path);
        } catch (EdgeException e) {
            LOG.warn("message refused: id={} resource={} reason={}", message.id(), resource, e.getMessage());
            if (message.header().sync()) {
                context.bus().sendResp(message.error(ModuleNames.EDGED, e));
            }
        }
    }

    private void dispatch(Message message, ResourcePath path) {
        boolean delete = message.route().operation().equals(Operation.DELETE);
        switch (path.type()) {
            case "pod" -> {
                Doc content = Json.embedded(message.content().json());
                if (delete) {
                    kubelet.delete(path.namespace(), path.name(), content);
                } else {
                    kubelet.want(content);
                }
            }
            case "podlist" -> Json.list(message.content().json()).forEach(kubelet::want);
            case "configmap", "secret" -> {
                Ref ref = new Ref(path.namespace(), path.type(), path.name());
                if (delete) {
                    kubelet.referenceDeleted(ref);
                } else {
                    kubelet.referenceChanged(
                            ref, Json.embedded(message.content().json()));
                }
            }
            default -> LOG.debug("not for edged: id={} resource={}", message.id(), path);
        }
    }

    /** What the node says of its runtime: while it goes down, nothing but that; on a broken disk no pod is taken either. */
    private RuntimeState shown() {
        if (kubelet != null && kubelet.shuttingDown()) {
            return runtime.with("node is shutting down");
        }
        StoreStatus kept = store.status();
        boolean broken = runtime.trouble().isEmpty() && kept.reason().equals(StoreStatus.FAILED);
        return broken ? runtime.with(kept.message()) : runtime;
    }

    private void connected(boolean yes) {
        if (yes) {
            node.linkUp();
            kubelet.linkUp();
        } else {
            node.linkDown();
        }
    }

    /** Keeps the snapshots other threads read, and tells the node when the default runtime is another or another's state. */
    private void look() {
        counts = kubelet.counts();
        kubelet.changed();
        RuntimeState now = kubelet.defaultRuntime().map(RuntimeState::of).orElse(RuntimeState.NONE);
        if (!now.equals(runtime)) {
            runtime = now;
            shown = now;
            node.runtimeChanged();
        }
    }

    @Override
    public String name() {
        return "runtime";
    }

    @Override
    public Health check() {
        RuntimeState now = shown;
        return now.trouble().isEmpty() ? Health.HEALTHY : Health.unhealthy("RuntimeNotReady", now.trouble());
    }

    @Override
    public List<Sample> samples() {
        return EdgedFigures.of(counts, shown.trouble().isEmpty());
    }
}
