package io.skep.metaserver.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.memory.NodeMemory;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * MetaServer: offers the node's memory as a {@link ResourceStore}, so that the Kubernetes API is served on the node, with the cloud or
 * without. The store is there while the module runs and has read the memory, so that none is ever seen half full.
 *
 * <p>Where the cloud's modules are in the same process it offers nothing: they would take the node's memory for the cluster.
 */
@Component(
        service = {EdgeModule.class, MetricSource.class, EventHandler.class},
        property = {
            EdgeModule.NAME + "=" + ModuleNames.META_SERVER,
            EdgeModule.GROUP + "=" + ModuleNames.META_SERVER,
            EventConstants.EVENT_TOPIC + "=" + NodeMemory.CHANGED
        })
public final class MetaServerModule implements EdgeModule, MetricSource, EventHandler {

    private static final Logger LOG = LoggerFactory.getLogger(MetaServerModule.class);

    /** KubeEdge's MetaServer waits as long. */
    private static final Duration CLOUD_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration READ_AGAIN = Duration.ofSeconds(1);

    /** Where stores of the Kubernetes API are found; the result takes ours away again. */
    interface Registry {
        Runnable offer(ResourceStore store);
    }

    /** How the cloud is asked, with the bus of the running module. */
    interface CloudLine {
        Message ask(MessageBus bus, Message question);
    }

    private record Session(
            ModuleContext context, Memory memory, Applications cloud, Subscriptions subscriptions, NodeKinds kinds) {}

    private final DocumentStore store;
    private final CloudLine line;
    private final Registry registry;
    private ModuleContext context;
    private Runnable withdraw = () -> {};
    private volatile Session session;
    private volatile boolean besideCloud;

    @Activate
    public MetaServerModule(BundleContext bundle, @Reference DocumentStore store) {
        this(store, (bus, question) -> bus.sendSync(ModuleNames.EDGE_HUB, question, CLOUD_TIMEOUT), offered -> {
            ServiceRegistration<ResourceStore> registration =
                    bundle.registerService(ResourceStore.class, offered, null);
            return registration::unregister;
        });
    }

    MetaServerModule(DocumentStore store, CloudLine line, Registry registry) {
        this.store = store;
        this.line = line;
        this.registry = registry;
    }

    @Override
    public void start(ModuleContext value, Handover handover) {
        if (!handover.isEmpty()) {
            throw new EdgeException(Reason.INVALID, "cannot take over from version " + handover.version());
        }
        context = value;
        besideCloud = context.bus().status().mailboxes().stream()
                .anyMatch(mailbox -> mailbox.module().equals(ModuleNames.EDGE_CONTROLLER));
        if (besideCloud) {
            LOG.warn("no API of the node's own: its cloud is in the same process, and so is that one's API");
            return;
        }
        Applications cloud = new Applications(question -> line.ask(value.bus(), question), this::node, value.clock());
        NodeKinds kinds = new NodeKinds(value, store, cloud, this::kindsChanged);
        Memory memory = new Memory(store, kinds::of, value.clock().instant());
        Answers answers = new Answers(store);
        Subscriptions subscriptions = new Subscriptions(value, memory, cloud, answers);
        // Before the rows are read, so that no change falls between.
        session = new Session(value, memory, cloud, subscriptions, kinds);
        kinds.load();
        answers.load();
        memory.load();
        withdraw = registry.offer(new MemoryResourceStore(memory, cloud, subscriptions, answers, kinds));
        subscriptions.linked();
        kinds.refresh();
        LOG.info("memory is offered: objects={}", memory.objects());
    }

    private String node() {
        Session now = session;
        return now == null ? "" : now.memory().node();
    }

    private void kindsChanged() {
        Session now = session;
        try {
            now.subscriptions().kindsChanged(now.kinds().all());
            now.memory().kindsChanged();
        } catch (EdgeException e) {
            LOG.warn("memory not read, will try again: reason={}", e.getMessage());
            now.context().after(READ_AGAIN, this::kindsChanged);
        }
    }

    @Override
    public void receive(Message message) {
        if (message.route().resource().equals(ModuleNames.NODE_CONNECTION)) {
            Optional.ofNullable(session).ifPresent(now -> linkChanged(now, message));
        } else if (message.header().sync()) {
            context.bus()
                    .sendResp(message.error(
                            ModuleNames.META_SERVER,
                            new EdgeException(Reason.NOT_FOUND, "metaserver answers no messages")));
        }
    }

    private static void linkChanged(Session now, Message message) {
        now.cloud().linkChanged();
        if (message.content().json().equals(ModuleNames.CLOUD_CONNECTED)) {
            now.subscriptions().linked();
            now.kinds().linked();
        }
    }

    @Override
    public Handover stop() {
        withdraw.run();
        withdraw = () -> {};
        Session last = session;
        session = null;
        if (last != null) {
            end(last);
        }
        return Handover.NONE;
    }

    private static void end(Session last) {
        Status why = Status.of(Status.SERVICE_UNAVAILABLE, 503, "the node's API is going away");
        boolean watching = last.subscriptions().size() > 0;
        last.subscriptions().end(why);
        last.memory().end(why);
        if (watching) {
            // Nobody may be there to hear the answer; a successor tells the cloud again.
            Message none = last.cloud().watchMessage(List.of());
            last.context().bus().request(ModuleNames.EDGE_HUB, none, CLOUD_TIMEOUT);
        }
    }

    /** On Event Admin's thread: only hands on. */
    @Override
    public void handleEvent(Event event) {
        Session now = session;
        if (now != null && event.getProperty(NodeMemory.KEYS) instanceof String[] keys) {
            List<String> changed = List.of(keys);
            now.context().execute(() -> refresh(now, changed));
        }
    }

    private static void refresh(Session session, List<String> keys) {
        try {
            session.memory().refresh(keys);
            session.subscriptions().changed(keys);
        } catch (EdgeException e) {
            LOG.warn("memory not read, will try again: keys={} reason={}", keys, e.getMessage());
            session.context().after(READ_AGAIN, () -> refresh(session, keys));
        }
    }

    @Override
    public Health health() {
        return besideCloud
                ? Health.unhealthy(
                        "BesideCloud",
                        "edge-metaserver is for the role edge: here the cloud's API shows the node already.")
                : Health.HEALTHY;
    }

    @Override
    public List<Sample> samples() {
        Session now = session;
        if (now == null) {
            return List.of();
        }
        return List.of(
                Sample.gauge(
                        "skep_metaserver_objects",
                        "Objects of the Kubernetes API in the node's memory.",
                        Map.of(),
                        now.memory().objects()),
                Sample.gauge(
                        "skep_metaserver_watches",
                        "Open watches.",
                        Map.of(),
                        now.memory().watchers()),
                Sample.gauge(
                        "skep_metaserver_subscriptions",
                        "Selections of objects that the cloud tells this node of because they are watched.",
                        Map.of(),
                        now.subscriptions().size()),
                Sample.counter(
                        "skep_metaserver_asked_total",
                        "Requests passed on to the cloud.",
                        Map.of(),
                        now.cloud().asked.get()),
                Sample.counter(
                        "skep_metaserver_unanswered_total",
                        "Requests passed on to the cloud that it could not be asked or did not answer.",
                        Map.of(),
                        now.cloud().unanswered.get()));
    }
}
