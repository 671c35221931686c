package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.HealthCheck;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.DocumentStore;
import io.skep.edgehub.internal.OutboxFigures.Loss;
import io.skep.transport.Link;
import io.skep.transport.LinkClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's one line to the cloud. It dispatches what the cloud sends, sends requests at once, and keeps everything else in
 * the outbox until the cloud has it. When the module is replaced its link stays open for the successor.
 *
 * <p>All fields but {@link #line} and {@link #figures}, which others read for figures, belong to the module's thread.
 */
@Component(
        service = {EdgeModule.class, MetricSource.class, HealthCheck.class},
        configurationPid = EdgeHubConfig.PID,
        property = {EdgeModule.NAME + "=" + ModuleNames.EDGE_HUB, EdgeModule.GROUP + "=" + ModuleNames.GROUP_HUB})
@Designate(ocd = EdgeHubConfig.class)
public final class EdgeHub implements EdgeModule, MetricSource, HealthCheck, CloudLine.User {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeHub.class);
    private static final int HANDOVER_VERSION = 1;
    private static final Duration OUTBOX_TICK = Duration.ofSeconds(5);

    /** How long the link waits for a successor; CloudHub's patience with a node that sends no keepalive is 30 s. */
    private static final Duration GRACE = Duration.ofSeconds(25);

    private static final List<String> TOLD_OF_LINK = List.of(
            ModuleNames.GROUP_META,
            ModuleNames.GROUP_EDGED,
            ModuleNames.GROUP_TWIN,
            ModuleNames.GROUP_BUS,
            ModuleNames.TASK_MANAGER,
            ModuleNames.META_SERVER);

    private final EdgeHubSettings settings;
    private final LinkClient links;
    private final DocumentStore store;
    private final OutboxFigures figures = new OutboxFigures();
    private ModuleContext context;
    private Deliveries deliveries;
    private Outbox outbox;
    private Uplink uplink;
    private volatile long unclaimed;
    private volatile CloudLine line;

    @Activate
    public EdgeHub(
            BundleContext bundle, @Reference LinkClient links, @Reference DocumentStore store, EdgeHubConfig config) {
        this(EdgeHubSettings.from(config, dataFolder(bundle)), links, store);
    }

    EdgeHub(EdgeHubSettings settings, LinkClient links, DocumentStore store) {
        this.settings = settings;
        this.links = links;
        this.store = store;
    }

    private static Path dataFolder(BundleContext bundle) {
        String folder = bundle.getProperty("karaf.data");
        return Path.of(folder == null ? "data" : folder);
    }

    @Override
    public void start(ModuleContext value, Handover handover) {
        if (handover.version() > HANDOVER_VERSION) {
            throw new EdgeException(Reason.INVALID, "cannot take over from version " + handover.version());
        }
        context = value;
        uplink = new PacedUplink(
                () -> Optional.ofNullable(line).flatMap(CloudLine::link), new Pace(settings.pace()), context);
        if (settings.cloud().isEmpty()) {
            LOG.info("no cloud is configured: node={}", settings.node());
            return;
        }
        HandedOver left = HandedOver.read(handover);
        Inbound inbound = new Inbound(context.bus(), () -> line != null && line.agreedTo(CloudLine.MODULE_OPERATIONS));
        deliveries = new Deliveries(inbound, context, () -> unclaimed++);
        Passport passport = new Passport(
                new CertificateFiles(settings.folder(), settings.node()),
                new Enrolment(settings.cloud().get().https(), settings.node()),
                settings.tokenFile(),
                System.getenv());
        line = new CloudLine(settings, links, passport, context, this, RandomGenerator.getDefault());
        outbox = new Outbox(store, context, settings.quotas(), settings.replyTimeout(), figures);
        boolean takeOver = left.target().equals(line.target())
                && links.find(CloudLine.KEY)
                        .filter(l -> l.isOpen() && l.number() == left.link())
                        .isPresent();
        outbox.load(takeOver ? left.waiting() : Map.of());
        context.every(settings.heartbeat(), this::keepAlive);
        context.every(OUTBOX_TICK, outbox::tick);
        if (left.link() != 0 && !takeOver) {
            // The predecessor told them of a link that is gone since.
            tell(ModuleNames.CLOUD_DISCONNECTED);
        }
        line.start(takeOver);
    }

    @Override
    public Handover stop() {
        if (line == null) {
            return Handover.NONE;
        }
        line.release(GRACE);
        long open = line.link().map(Link::number).orElse(0L);
        Handover handover = new HandedOver(line.target(), open, outbox.waiting()).write(HANDOVER_VERSION);
        line = null;
        return handover;
    }

    @Override
    public void receive(Message message) {
        String resource = message.route().resource();
        boolean query = Operation.QUERY.equals(message.route().operation());
        if (query && resource.equals(ModuleNames.NODE_CONNECTION)) {
            context.bus().sendResp(message.reply(new Content.Json(connection())));
        } else if (query && resource.equals("link")) {
            context.bus().sendResp(message.reply(new Content.Json(report())));
        } else if (message.header().sync() && outbox == null) {
            request(message);
        } else if (message.header().sync()) {
            outbox.afterState(Extensions.goesAfter(message), () -> request(message));
        } else {
            keep(message);
        }
    }

    private String connection() {
        return state().connected() ? ModuleNames.CLOUD_CONNECTED : ModuleNames.CLOUD_DISCONNECTED;
    }

    /** A request is worth something only now: sent, or answered with an error. */
    private void request(Message message) {
        boolean known = line == null || Extensions.knows(line, message);
        CompletionStage<Void> sent =
                known ? uplink.send(message) : CompletableFuture.failedFuture(Extensions.unknown(message));
        sent.whenComplete((nothing, failure) -> {
            if (failure != null) {
                EdgeException why = new EdgeException(
                        failure instanceof EdgeException e ? e.reason() : Reason.SERVICE_UNAVAILABLE,
                        failure.getMessage());
                context.execute(() -> context.bus().sendResp(message.error(ModuleNames.EDGE_HUB, why)));
            }
        });
    }

    private void keep(Message message) {
        OutboxClass kind = OutboxClass.of(message);
        if (line == null) {
            figures.lost(kind, Loss.OFFLINE);
        } else if (kind == OutboxClass.PASSING) {
            uplink.send(message).whenComplete((nothing, failure) -> {
                if (failure != null) {
                    figures.lost(kind, Loss.OFFLINE);
                }
            });
        } else {
            outbox.put(message, kind);
        }
    }

    private void keepAlive() {
        line.link().ifPresent(this::keepAlive);
    }

    /** As EdgeCore's, to the letter; not held back by the rate. */
    private void keepAlive(Link link) {
        Route route = Route.of(ModuleNames.EDGE_HUB, ModuleNames.GROUP_RESOURCE, Operation.KEEPALIVE, "node");
        link.send(Message.of(route, new Content.Json("\"ping\"")));
    }

    @Override
    public void connected(Link link, boolean takenOver) {
        keepAlive(link);
        if (!takenOver) {
            tell(ModuleNames.CLOUD_CONNECTED);
        }
        outbox.connected(uplink, line.agreedTo(CloudLine.UPSTREAM_ACK));
    }

    @Override
    public void disconnected() {
        outbox.disconnected();
        tell(ModuleNames.CLOUD_DISCONNECTED);
    }

    private void tell(String what) {
        for (String group : TOLD_OF_LINK) {
            Route route = Route.of("edgehub", group, Operation.CONNECT, ModuleNames.NODE_CONNECTION);
            context.bus().sendToGroup(group, Message.of(route, new Content.Json(what)));
        }
    }

    @Override
    public CompletionStage<Void> received(Message message) {
        return message.isReply() && outbox.answered(message)
                ? CompletableFuture.completedFuture(null)
                : deliveries.begin(message);
    }

    private HubState state() {
        CloudLine now = line;
        return now == null ? HubState.initial(Instant.EPOCH) : now.state();
    }

    private String report() {
        return LinkReport.of(settings, Optional.ofNullable(line), figures);
    }

    @Override
    public Health health() {
        return state().health();
    }

    @Override
    public String name() {
        return "link";
    }

    @Override
    public Health check() {
        return health();
    }

    @Override
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>(figures.samples());
        samples.add(Sample.gauge(
                "skep_link_connected", "1 while the cloud is connected.", Map.of(), state().connected() ? 1 : 0));
        Optional.ofNullable(line)
                .ifPresent(l -> samples.add(Sample.counter(
                        "skep_link_reconnects", "Links to the cloud that were lost.", Map.of(), l.reconnects())));
        samples.add(Sample.counter(
                "skep_link_unclaimed", "Messages from the cloud that nobody here took.", Map.of(), unclaimed));
        return samples;
    }
}
