package io.skep.cloudhub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.EdgeModule;
import io.skep.core.api.module.Handover;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.observe.HealthCheck;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.kube.api.ResourceStore;
import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkPeer;
import io.skep.transport.LinkServer;
import io.skep.transport.http.HttpServer;
import io.skep.transport.tls.JoinToken;
import io.skep.transport.tls.Pem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/**
 * The nodes' hub: wiring and dispatch. Links call on transport's threads and are only handed over; sessions belong to the
 * module's thread. Replaced while it runs it leaves ports and links to its successor, who asks the controller to compare
 * anew; what was under way is found missing then and sent again.
 */
@Component(
        configurationPid = CloudHubConfig.PID,
        service = {EdgeModule.class, MetricSource.class, HealthCheck.class},
        property = {EdgeModule.NAME + "=" + ModuleNames.CLOUD_HUB, EdgeModule.GROUP + "=" + ModuleNames.CLOUD_HUB})
@Designate(ocd = CloudHubConfig.class)
public final class CloudHubModule implements EdgeModule, MetricSource, HealthCheck {

    /** A node in the same process may keep a store too, but not the truth. */
    private static final String CLOUD_STORE = "(|(kube.store=embedded)(kube.store=external))";

    private static final int HANDOVER_VERSION = 1;
    private static final Duration NO_ROOM_PAUSE = Duration.ofMillis(50);

    private final ResourceStore store;
    private final LinkServer links;
    private final HttpServer http;
    private final CloudHubSettings settings;
    private final HubCounters counters = new HubCounters();
    private volatile Doors doors;
    private ModuleContext context;
    private Sessions sessions;
    private FromNode fromNode;
    private HubSecrets secrets;

    @Activate
    public CloudHubModule(
            @Reference(name = "store", target = CLOUD_STORE) ResourceStore store,
            @Reference LinkServer links,
            @Reference HttpServer http,
            CloudHubConfig config) {
        this(store, links, http, CloudHubSettings.from(config));
    }

    CloudHubModule(ResourceStore store, LinkServer links, HttpServer http, CloudHubSettings settings) {
        this.store = store;
        this.links = links;
        this.http = http;
        this.settings = settings;
    }

    @Override
    public void start(ModuleContext moduleContext, Handover handover) {
        if (!handover.isEmpty() && handover.version() != HANDOVER_VERSION) {
            throw new IllegalArgumentException(
                    "cloudhub knows handover version " + HANDOVER_VERSION + ", not " + handover.version());
        }
        context = moduleContext;
        secrets = new HubSecrets(store, context.clock());
        sessions = new Sessions(context, new SyncRecords(context, store, counters), settings, counters);
        Doors opening = new Doors(context, links, http, store, secrets, settings, counters);
        doors = opening;
        ClusterAuthority authority = new ClusterAuthority(
                context,
                store,
                () -> opening.credentials()
                        .map(c -> Pem.encode(c.authority().certificate()))
                        .orElse(""));
        fromNode = new FromNode(context, authority, counters);
        opening.open(
                !handover.isEmpty(),
                new Gate(context, sessions, fromNode, new Admittance(sessions::hasRoomFor, counters)));
    }

    @Override
    public void receive(Message message) {
        String resource = message.route().resource();
        boolean query = message.route().operation().equals(Operation.QUERY);
        if (query && resource.equals("sessions")) {
            answer(message, sessions.describe());
        } else if (query && resource.equals("token")) {
            token(message);
        } else {
            sessions.send(message);
        }
    }

    private void answer(Message question, Object tree) {
        context.bus().sendResp(question.reply(ModuleNames.CLOUD_HUB, new Content.Json(Json.text(tree))));
    }

    private void token(Message question) {
        Optional<Credentials> credentials = doors.credentials();
        if (credentials.isEmpty()) {
            EdgeException why = new EdgeException(
                    Reason.SERVICE_UNAVAILABLE,
                    "the hub has no keys yet: " + doors.health().message());
            context.bus().sendResp(question.error(ModuleNames.CLOUD_HUB, why));
            return;
        }
        JoinToken token = JoinToken.create(
                credentials.get().authority(), context.clock().instant().plus(settings.tokenValidity()));
        answer(question, token.text());
    }

    @Override
    public Handover stop() {
        Doors closing = doors;
        if (closing == null) {
            return Handover.NONE;
        }
        closing.release();
        sessions.stop();
        doors = null;
        return new Handover(HANDOVER_VERSION, Json.text(Map.of("links", Doors.LINK_KEY)));
    }

    @Override
    public Health health() {
        Doors now = doors;
        return now == null ? Health.unhealthy("Stopped", "not started") : now.health();
    }

    @Override
    public String name() {
        return ModuleNames.CLOUD_HUB;
    }

    @Override
    public Health check() {
        return health();
    }

    @Override
    public List<Sample> samples() {
        return counters.samples();
    }

    /** The ports listened on; for tests. */
    List<Integer> ports() {
        return doors.ports();
    }

    /** Where links come in, on transport's threads. */
    private record Gate(ModuleContext context, Sessions sessions, FromNode fromNode, Admittance admittance)
            implements LinkAcceptor {

        @Override
        public Admission admit(LinkPeer peer) {
            return admittance.judge(peer);
        }

        @Override
        public LinkListener opened(Link link) {
            String node = Admittance.node(link.peer());
            boolean ownKind = Admittance.isOwnKind(link.peer());
            context.execute(() -> sessions.begin(node, link, ownKind));
            return new Ear(node, link, this);
        }
    }

    /** Hands one link's messages over, one after the other. */
    private record Ear(String node, Link link, Gate gate) implements LinkListener {

        @Override
        public CompletionStage<Void> received(Message message) {
            CompletableFuture<Void> dealtWith = new CompletableFuture<>();
            gate.context().execute(() -> take(message, dealtWith));
            return dealtWith;
        }

        private void take(Message message, CompletableFuture<Void> dealtWith) {
            Optional<NodeSession> session = gate.sessions().find(node, link);
            if (session.isEmpty() || gate.fromNode().receive(session.get(), message)) {
                dealtWith.complete(null);
                return;
            }
            // The controller is behind, not the node: nothing more is read from it, and its silence is not its own.
            session.get().sawKeepalive();
            gate.context().after(NO_ROOM_PAUSE, () -> take(message, dealtWith));
        }

        @Override
        public void closed(String reason) {
            gate.context().execute(() -> gate.sessions().ended(node, link, reason));
        }
    }
}
