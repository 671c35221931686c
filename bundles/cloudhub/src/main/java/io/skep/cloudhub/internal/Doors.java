package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.CloudHubSettings.Endpoint;
import io.skep.core.api.EdgeException;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.ResourceStore;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkPort;
import io.skep.transport.LinkServer;
import io.skep.transport.ListenSettings;
import io.skep.transport.http.HttpPort;
import io.skep.transport.http.HttpServer;
import io.skep.transport.tls.ServerTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the two ports, again and again until they are open: a port in use, or a store that is not there yet, heals. Steps
 * run in the worker pool; {@link #health} and {@link #credentials} may be asked by any thread.
 */
final class Doors {

    /** Key of the listener; a successor takes port and links over under it. */
    static final String LINK_KEY = "cloudhub";

    private static final Logger LOG = LoggerFactory.getLogger(Doors.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ModuleContext context;
    private final LinkServer links;
    private final HttpServer http;
    private final ResourceStore store;
    private final HubSecrets secrets;
    private final CloudHubSettings settings;
    private final HubCounters counters;
    private final AtomicReference<LinkPort> linkPort = new AtomicReference<>();
    private final AtomicReference<HttpPort> httpPort = new AtomicReference<>();
    private volatile Credentials credentials;
    private volatile Health health = Health.unhealthy("Starting", "the ports are not open yet");
    private volatile boolean stopped;

    Doors(
            ModuleContext context,
            LinkServer links,
            HttpServer http,
            ResourceStore store,
            HubSecrets secrets,
            CloudHubSettings settings,
            HubCounters counters) {
        this.context = context;
        this.links = links;
        this.http = http;
        this.store = store;
        this.secrets = secrets;
        this.settings = settings;
        this.counters = counters;
    }

    Health health() {
        return health;
    }

    /** Who the hub is; empty until the store gave it. */
    Optional<Credentials> credentials() {
        return Optional.ofNullable(credentials);
    }

    /** The ports really listened on, websocket first; for tests with free ports. */
    List<Integer> ports() {
        return List.of(linkPort.get().port(), httpPort.get().port());
    }

    /**
     * Begins.
     *
     * @param takeOver whether a predecessor left links: then the server certificate is left as it is, since a new one would
     *     close them
     */
    void open(boolean takeOver, LinkAcceptor acceptor) {
        List<String> names = takeOver ? List.of() : LocalNames.forCertificate(settings);
        step("load keys", FIRST_PAUSE, () -> secrets.load(names), loaded -> {
            credentials = loaded;
            renewToken();
            context.every(settings.tokenValidity().dividedBy(2), this::renewToken);
            openLinks(loaded, acceptor);
        });
    }

    private void openLinks(Credentials loaded, LinkAcceptor acceptor) {
        ServerTls tls = new ServerTls(
                loaded.server(), ClientAuth.REQUIRED, List.of(loaded.authority().certificate()));
        step(
                "listen for nodes",
                FIRST_PAUSE,
                () -> {
                    LinkPort port =
                            named("websocket", settings.websocket(), s -> links.listen(LINK_KEY, s, acceptor), tls);
                    linkPort.set(port);
                    if (stopped && linkPort.compareAndSet(port, null)) {
                        port.release(settings.handover());
                    }
                    return port;
                },
                port -> {
                    LOG.info(
                            "listening for nodes: address={} port={}",
                            settings.websocket().address(),
                            port.port());
                    openHttp(loaded);
                });
    }

    private void openHttp(Credentials loaded) {
        ServerTls tls = new ServerTls(
                loaded.server(),
                ClientAuth.OPTIONAL_UNVERIFIED,
                List.of(loaded.authority().certificate()));
        Enrolment enrolment = new Enrolment(loaded, store, settings.certificateValidity(), context.clock(), counters);
        step(
                "serve enrolment",
                FIRST_PAUSE,
                () -> {
                    HttpPort port = named("https", settings.https(), s -> http.serve("enrolment", s, enrolment), tls);
                    httpPort.set(port);
                    if (stopped && httpPort.compareAndSet(port, null)) {
                        port.release(settings.handover());
                    }
                    return port;
                },
                port -> {
                    LOG.info(
                            "serving enrolment: address={} port={}",
                            settings.https().address(),
                            port.port());
                    health = Health.HEALTHY;
                });
    }

    private interface Opening<P> {
        P open(ListenSettings settings);
    }

    /** Adds to a refusal which setting it is about. */
    private static <P> P named(String key, Endpoint endpoint, Opening<P> opening, ServerTls tls) {
        try {
            return opening.open(new ListenSettings(endpoint.address(), endpoint.port(), Optional.of(tls)));
        } catch (EdgeException e) {
            throw new EdgeException(
                    e.reason(),
                    key + ".address=" + endpoint.address() + " " + key + ".port=" + endpoint.port() + ": "
                            + e.getMessage(),
                    e);
        }
    }

    private interface Next<T> {
        void accept(T value);
    }

    private <T> void step(String what, Duration pause, Callable<T> job, Next<T> next) {
        context.work("doors", job, (value, failure) -> {
            if (stopped) {
                return;
            }
            if (failure == null) {
                next.accept(value);
                return;
            }
            health = Health.unhealthy("NotListening", "cannot " + what + ": " + failure.getMessage());
            if (pause.equals(FIRST_PAUSE)) {
                LOG.error("cannot {}, retrying: {}", what, failure.getMessage());
            }
            Duration longer =
                    pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            context.after(pause, () -> step(what, longer, job, next));
        });
    }

    private void renewToken() {
        Credentials known = credentials;
        context.work(
                "token", () -> secrets.renewToken(known.authority(), settings.tokenValidity()), (token, failure) -> {
                    if (failure != null) {
                        LOG.warn("join token not renewed: reason={}", failure.getMessage());
                    }
                });
    }

    /** Leaves the nodes' links and both ports to a successor. */
    void release() {
        stopped = true;
        health = Health.unhealthy("Stopped", "not started");
        LinkPort port = linkPort.getAndSet(null);
        if (port != null) {
            port.release(settings.handover());
        }
        HttpPort door = httpPort.getAndSet(null);
        if (door != null) {
            door.release(settings.handover());
        }
    }
}
