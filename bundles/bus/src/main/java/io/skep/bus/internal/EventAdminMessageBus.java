package io.skep.bus.internal;

import io.skep.bus.internal.Losses.Loss;
import io.skep.bus.internal.host.Lifecycle;
import io.skep.bus.internal.host.ModuleHost;
import io.skep.bus.internal.host.ModuleService;
import io.skep.bus.internal.host.ModuleSwap;
import io.skep.bus.internal.host.Platform;
import io.skep.bus.internal.host.SwapHost;
import io.skep.bus.internal.host.WorkerPool;
import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.BusStatus;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleRegistry;
import io.skep.core.api.observe.HealthCheck;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.DocumentStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventConstants;
import org.osgi.service.event.EventHandler;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The {@link MessageBus} on Event Admin, with the host of the modules found as services.
 *
 * <p>It is an immediate component: modules start because it is there, and nobody asks for it before.
 *
 * <p>Threads: {@code edge-bus-timer}, which only hands tasks to mailboxes and looks after slow modules; the host's
 * {@code edge-<module>} and {@code edge-work-<n>}. {@link #close} ends them all.
 */
@Component(
        configurationPid = BusConfig.PID,
        immediate = true,
        service = {
            MessageBus.class,
            ModuleRegistry.class,
            SwapHost.class,
            EventHandler.class,
            MetricSource.class,
            HealthCheck.class
        },
        property = EventConstants.EVENT_TOPIC + "=io/skep/bus/*")
@Designate(ocd = BusConfig.class)
public final class EventAdminMessageBus
        implements MessageBus, ModuleRegistry, SwapHost, EventHandler, MetricSource, HealthCheck {

    private static final long LOOK_SECONDS = 20;

    private final Post post;
    private final Waiters waiters = new Waiters();
    private final Losses losses = new Losses();
    private final BusTimer timer = new BusTimer();
    private final WorkerPool workers;
    private final Carrier carrier;
    private final Requests requests;
    private final ModuleHost host;
    private final Mailboxes mailboxes;
    private final BusMetrics metrics;
    private final Handovers handovers = new Handovers();
    private final Remains remains;
    private final Departures departures;

    /** Made by DS; modules start when {@link #open} is called, after all that are there have been bound. */
    @Activate
    public EventAdminMessageBus(BundleContext context, @Reference EventAdmin events, BusConfig config) {
        this(events, BusSettings.from(config), BusSettings.folder(context), InstantSource.system());
    }

    EventAdminMessageBus(EventAdmin events, BusSettings settings, Path folder, InstantSource clock) {
        remains = new Remains(folder.resolve("waiting"));
        workers = new WorkerPool(settings.workers(), settings.workerQueue(), settings.workerIdle());
        post = new Post(settings.limits());
        carrier = new Carrier(events, post, waiters, losses, timer);
        requests = new Requests(post, carrier, waiters);
        Lifecycle lifecycle = new LifecycleEvents(events)::publish;
        Platform platform = new Platform(this, clock, timer, workers, lifecycle, settings.host());
        host = new ModuleHost(platform, Math.max(1, settings.limits().size() * 3 / 4));
        mailboxes = new Mailboxes(post, host, waiters, losses);
        metrics = new BusMetrics(post, losses, waiters, workers, host);
        departures = new Departures(
                clock,
                settings.absent(),
                module -> host.isPresent(module) || settings.expected().containsKey(module),
                mailboxes::drop);
        settings.expected().forEach((module, group) -> host.expect(group, mailbox(module, group)));
    }

    /** Lets the modules start. */
    @Activate
    void open() {
        handovers.restore().forEach(host::inherit);
        host.open();
        timer.scheduleWithFixedDelay(
                () -> workers.submit("bus", "departures", this::lookForDepartures),
                LOOK_SECONDS,
                LOOK_SECONDS,
                TimeUnit.SECONDS);
    }

    /** Drops what waits for modules that are gone for good, if it is time; blocks on the disk. */
    void lookForDepartures() {
        departures.look(post.store());
    }

    /** Stops all modules, saves what waits for them, fails whoever waits for an answer, ends all threads. */
    @Deactivate
    void close() {
        Map<String, Handover> left = host.close();
        carrier.close();
        waiters.failAll(Reason.SERVICE_UNAVAILABLE, "the bus is stopping");
        handovers.save(left);
        losses.count(Loss.NOT_SAVED, remains.leave(mailboxes.close()));
        workers.close();
        timer.shutdownNow();
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindStore(DocumentStore store) {
        handovers.attach(store);
        remains.moveTo(store);
        post.attach(store);
    }

    void unbindStore(DocumentStore store) {
        post.detach(store);
        handovers.detach(store);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindModule(ServiceReference<EdgeModule> reference, EdgeModule module) {
        ModuleServices.read(reference, module).ifPresent(this::add);
    }

    void unbindModule(ServiceReference<EdgeModule> reference) {
        if (reference.getProperty(EdgeModule.NAME) instanceof String name) {
            host.remove(name, ModuleServices.id(reference));
        }
    }

    /** Takes a module in as if its service had come. */
    void add(ModuleService service) {
        host.add(service, mailbox(service.name(), service.group()));
    }

    /** Takes a module out as if its service had gone. */
    void remove(ModuleService service) {
        host.remove(service.name(), service.id());
    }

    private Mailbox mailbox(String module, String group) {
        Mailbox mailbox = post.open(module);
        post.join(group, mailbox);
        return mailbox;
    }

    @Override
    public void handleEvent(Event event) {
        carrier.receive(event);
    }

    @Override
    public void addModule(String module) {
        post.open(module);
    }

    @Override
    public void addModuleGroup(String module, String group) {
        post.join(group, post.open(module));
    }

    @Override
    public void cleanup(String module) {
        mailboxes.cleanup(module);
    }

    @Override
    public Delivery send(String module, Message message) {
        return carrier.toModule(module, message);
    }

    @Override
    public Message receive(String module) throws InterruptedException {
        return mailboxes.receive(module);
    }

    @Override
    public Message sendSync(String module, Message message, Duration timeout) {
        return requests.ask(module, message, timeout);
    }

    @Override
    public CompletionStage<Message> request(String module, Message message, Duration timeout) {
        return requests.begin(module, message, timeout);
    }

    @Override
    public Delivery sendResp(Message reply) {
        return carrier.reply(reply);
    }

    @Override
    public Delivery sendToGroup(String group, Message message) {
        return carrier.toGroup(group, message);
    }

    @Override
    public List<Message> sendToGroupSync(String group, Message message, Duration timeout) {
        return requests.askGroup(group, message, timeout);
    }

    @Override
    public BusStatus status() {
        return new BusStatus(post.status(), losses.snapshot());
    }

    @Override
    public List<ModuleStatus> list() {
        return host.list();
    }

    @Override
    public void departed(String module) {
        departures.note(module);
    }

    @Override
    public ModuleSwap beginSwap(String module) {
        return host.beginSwap(module);
    }

    @Override
    public List<Sample> samples() {
        return metrics.samples();
    }

    @Override
    public String name() {
        return "modules";
    }

    @Override
    public Health check() {
        return host.health();
    }
}
