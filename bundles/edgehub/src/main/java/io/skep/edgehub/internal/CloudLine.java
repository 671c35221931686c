package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleContext;
import io.skep.edgehub.internal.HubState.Phase;
import io.skep.transport.Link;
import io.skep.transport.LinkClient;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the link and keeps it: credentials, dialling, pauses. The fields belong to the module's thread, the volatile ones are
 * read by any. A dial or a link of an earlier life is known by its generation and ignored.
 */
final class CloudLine {

    static final String KEY = "edgehub";

    /** What we can do beyond KubeEdge's wire; the peer sends back what it can do too. */
    static final String FEATURES_HEADER = "Skep-Features";

    /** The peer answers every message that is no request. */
    static final String UPSTREAM_ACK = "upstream-ack";

    /** The peer may send packages for modules of this node. */
    static final String MODULE_OPERATIONS = "module-operations";

    private static final Logger LOG = LoggerFactory.getLogger(CloudLine.class);

    /** EdgeCore's handshake timeout. */
    private static final Duration DIAL_LIMIT = Duration.ofSeconds(30);

    /** What the module does when the line changes; called on the module's thread. */
    interface User {
        void connected(Link link, boolean takenOver);

        void disconnected();

        CompletionStage<Void> received(Message message);
    }

    private final EdgeHubSettings settings;
    private final EdgeHubSettings.Cloud cloud;
    private final LinkClient links;
    private final CredentialKeeper credentials;
    private final ModuleContext context;
    private final User user;
    private final Backoff backoff;

    private int generation;
    private Link link;
    private volatile int reconnects;

    /** The last trouble that was logged as a warning: told once, not at each try. */
    private String lastTold = "";

    private volatile HubState state;

    CloudLine(
            EdgeHubSettings settings,
            LinkClient links,
            Passport passport,
            ModuleContext context,
            User user,
            RandomGenerator random) {
        this.settings = settings;
        this.cloud = settings.cloud().orElseThrow();
        this.links = links;
        this.credentials = new CredentialKeeper(settings.rotate(), passport, context, random);
        this.context = context;
        this.user = user;
        this.backoff = new Backoff(settings.reconnect(), random);
        this.state = HubState.initial(context.clock().instant());
    }

    /** Takes over the predecessor's link if it is the one we would open, else begins to open one. */
    void start(boolean takeOver) {
        Optional<Link> left = links.find(KEY).filter(Link::isOpen);
        left.filter(l -> !takeOver).ifPresent(l -> l.close("a new link is opened"));
        credentials.start();
        if (takeOver && left.isPresent()) {
            LOG.info("link taken over: server={} since={}", server(), left.get().opened());
            credentials.obtain((obtained, failure) -> {
                if (failure == null) {
                    credentials.use(obtained);
                }
            });
            opened(left.get(), true);
        } else {
            prepare();
        }
    }

    /** What the link in use belongs to; a successor with the same words may take it over. */
    String target() {
        return cloud.link() + " " + settings.node() + " " + cloud.project();
    }

    String server() {
        return cloud.link().getHost() + ":" + cloud.link().getPort();
    }

    /** Lets the link go for a successor. */
    void release(Duration grace) {
        generation++;
        if (link != null) {
            link.release(grace);
        }
    }

    Optional<Link> link() {
        return Optional.ofNullable(link);
    }

    /** Whether there is a link whose other end can do this too. */
    boolean agreedTo(String feature) {
        return link != null
                && List.of(link.peer().header(FEATURES_HEADER).split("[, ]+")).contains(feature);
    }

    HubState state() {
        return state;
    }

    int reconnects() {
        return reconnects;
    }

    Optional<Instant> notAfter() {
        return credentials.notAfter();
    }

    private Instant now() {
        return context.clock().instant();
    }

    /** Credentials first. */
    private void prepare() {
        int mine = ++generation;
        state = state.trying(credentials.current().isEmpty() ? Phase.ENROLLING : Phase.CONNECTING);
        Optional<Credentials> valid = credentials.valid();
        if (valid.isPresent()) {
            dial(valid.get());
            return;
        }
        credentials.obtain((obtained, failure) -> {
            if (mine != generation) {
                return;
            }
            if (failure == null) {
                credentials.use(obtained);
                dial(obtained);
            } else {
                retry(asEdge(failure), enrolmentReason(asEdge(failure)));
            }
        });
    }

    private static String enrolmentReason(EdgeException failure) {
        return switch (failure.reason()) {
            case NOT_FOUND -> HubState.NO_TOKEN;
            case GONE -> HubState.CERTIFICATE_EXPIRED;
            case UNAUTHORIZED, FORBIDDEN, INVALID -> HubState.ENROLMENT_REFUSED;
            default ->
                failure.getMessage().startsWith("cannot write certificates")
                        ? HubState.FOLDER_UNWRITABLE
                        : HubState.UNREACHABLE;
        };
    }

    private void dial(Credentials with) {
        int mine = ++generation;
        state = state.trying(Phase.CONNECTING);
        LinkTarget target = new LinkTarget(
                cloud.link(),
                Map.of(
                        "node_id",
                        settings.node(),
                        "project_id",
                        cloud.project(),
                        "ConnectionUse",
                        "msg",
                        FEATURES_HEADER,
                        UPSTREAM_ACK + ", " + MODULE_OPERATIONS),
                with.tls(),
                DIAL_LIMIT);
        links.open(KEY, target)
                .whenComplete((opened, failure) -> context.execute(() -> {
                    if (mine != generation) {
                        return;
                    }
                    if (failure == null) {
                        LOG.info("connected: server={} node={}", server(), settings.node());
                        opened(opened, false);
                    } else {
                        // Whoever refuses us once may want other credentials: the files and the token are read anew.
                        if (asEdge(failure).reason() != Reason.SERVICE_UNAVAILABLE) {
                            credentials.drop();
                        }
                        retry(asEdge(failure), dialReason(asEdge(failure)));
                    }
                }));
    }

    private static String dialReason(EdgeException failure) {
        return switch (failure.reason()) {
            case UNAUTHORIZED -> HubState.CERTIFICATE_TROUBLE;
            case FORBIDDEN, INVALID -> HubState.REFUSED;
            default -> HubState.UNREACHABLE;
        };
    }

    private void opened(Link opened, boolean takenOver) {
        int mine = ++generation;
        link = opened;
        state = state.succeeded(takenOver ? opened.opened() : now());
        lastTold = "";
        user.connected(opened, takenOver);
        opened.attach(new LinkListener() {
            @Override
            public CompletionStage<Void> received(Message message) {
                CompletableFuture<Void> done = new CompletableFuture<>();
                context.execute(() -> {
                    if (mine == generation) {
                        user.received(message).whenComplete((nothing, failure) -> done.complete(null));
                    }
                });
                return done;
            }

            @Override
            public void closed(String reason) {
                context.execute(() -> {
                    if (mine == generation) {
                        lost(reason);
                    }
                });
            }
        });
    }

    private void lost(String reason) {
        Duration lifetime = Duration.between(link.opened(), Instant.now());
        LOG.warn("connection lost, the node works on without the cloud: server={} reason={}", server(), reason);
        link = null;
        reconnects++;
        state = state.failed(HubState.LOST, reason, now());
        backoff.lost(now(), lifetime);
        user.disconnected();
        pause(backoff.next(now(), false));
    }

    private void retry(EdgeException failure, String reason) {
        boolean sameEpisode = lastTold.equals(reason + failure.getMessage());
        lastTold = reason + failure.getMessage();
        state = state.failed(reason, failure.getMessage(), now());
        Duration delay = backoff.next(now(), !HubState.UNREACHABLE.equals(reason));
        if (sameEpisode) {
            LOG.debug("no link to the cloud: reason={} error={} nextTry={}", reason, failure.getMessage(), delay);
        } else {
            LOG.warn("no link to the cloud, trying on: reason={} error={}", reason, failure.getMessage());
        }
        pause(delay);
    }

    private void pause(Duration delay) {
        int mine = ++generation;
        context.after(delay, () -> {
            if (mine == generation) {
                prepare();
            }
        });
    }

    private static EdgeException asEdge(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof EdgeException e
                ? e
                : new EdgeException(Reason.INTERNAL_ERROR, String.valueOf(cause.getMessage()), cause);
    }
}
