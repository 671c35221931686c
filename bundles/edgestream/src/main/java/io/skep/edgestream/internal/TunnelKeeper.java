package io.skep.edgestream.internal;

import io.skep.core.api.module.ModuleContext;
import io.skep.transport.LinkTarget;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelListener;
import io.skep.transport.tunnel.Tunnels;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the tunnel and keeps it open. Its fields belong to the module's thread, but {@link #tunnels}: one that opens while
 * the module stops must be closed all the same.
 *
 * <p>Source: KubeEdge v1.22 {@code edge/pkg/edgestream/edgestream.go}, {@code tunnel.go}.
 */
final class TunnelKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelKeeper.class);

    /** A cloud without tunnels is no trouble: an operator reads of it once in so long. */
    private static final Duration TOLD_EVERY = Duration.ofHours(1);

    private final EdgeStreamSettings settings;
    private final URI cloud;
    private final Tunnels transport;
    private final NodeCertificate certificate;
    private final ModuleContext context;
    private final Function<Tunnel, Streams> user;
    private final Figures figures;
    private final RandomGenerator random;
    private final Map<Tunnel, Vigil> tunnels = new ConcurrentHashMap<>();
    private volatile boolean stopped;
    private Optional<Streams> streams = Optional.empty();
    private Instant toldAt = Instant.MIN;

    /** @param user makes the streams of a tunnel that was opened */
    TunnelKeeper(
            EdgeStreamSettings settings,
            URI cloud,
            Tunnels transport,
            ModuleContext context,
            Function<Tunnel, Streams> user,
            Figures figures,
            RandomGenerator random) {
        this.settings = settings;
        this.cloud = cloud;
        this.transport = transport;
        this.certificate = new NodeCertificate(settings.folder());
        this.context = context;
        this.user = user;
        this.figures = figures;
        this.random = random;
    }

    void start() {
        context.every(EdgeStreamSettings.PING, this::watch);
        prepare();
    }

    void stop() {
        stopped = true;
        streams.ifPresent(Streams::end);
        streams = Optional.empty();
        tunnels.keySet().forEach(tunnel -> tunnel.close("edgestream stops"));
        figures.connected(false);
    }

    /** What a worker finds out before dialling. */
    private record Papers(ClientTls tls, String address) {}

    // Dialling begins with making a client and its TLS, which takes longer than a module's thread may be away.
    private void prepare() {
        context.<Boolean>work(
                "dial",
                () -> {
                    Optional<Papers> papers = certificate.load().map(tls -> new Papers(tls, ownAddress()));
                    papers.ifPresent(this::dial);
                    return papers.isPresent();
                },
                (dialled, failure) -> {
                    if (failure != null) {
                        retry(failure);
                    } else if (!dialled) {
                        LOG.debug("no certificate yet: folder={}", settings.folder());
                        pause();
                    }
                });
    }

    /** The address this machine has towards the cloud; nothing is sent for that. */
    private String ownAddress() {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(cloud.getHost(), cloud.getPort()));
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException | java.io.UncheckedIOException e) {
            LOG.debug("own address unknown: reason={}", e.getMessage());
            return "127.0.0.1";
        }
    }

    /** On a worker's thread. */
    private void dial(Papers papers) {
        LinkTarget target = new LinkTarget(
                cloud,
                Map.of("SessionHostNameOverride", settings.node(), "SessionInternalIP", papers.address()),
                papers.tls(),
                settings.handshake());
        transport.open(target, this::opened).whenComplete((tunnel, failure) -> {
            if (failure != null) {
                context.execute(() -> retry(failure));
            }
        });
    }

    /** On a thread of the transport. */
    private TunnelListener opened(Tunnel tunnel) {
        tunnels.put(tunnel, new Vigil(settings.readDeadline(), context.clock().instant()));
        if (stopped) {
            tunnel.close("edgestream stops");
        }
        Streams mine = user.apply(tunnel);
        context.execute(() -> {
            LOG.info("tunnel open: server={}:{} node={}", cloud.getHost(), cloud.getPort(), settings.node());
            streams = Optional.of(mine);
            toldAt = Instant.MIN;
            figures.connected(true);
        });
        return new TunnelListener() {
            @Override
            public CompletionStage<Void> received(TunnelFrame frame) {
                CompletableFuture<Void> taken = new CompletableFuture<>();
                context.execute(() -> mine.received(frame).whenComplete((done, failure) -> taken.complete(null)));
                return taken;
            }

            @Override
            public void closed(String reason) {
                tunnels.remove(tunnel);
                context.execute(() -> lost(mine, reason));
            }
        };
    }

    private void lost(Streams mine, String reason) {
        LOG.info("tunnel lost: server={}:{} reason={}", cloud.getHost(), cloud.getPort(), reason);
        mine.end();
        streams = Optional.empty();
        figures.connected(false);
        // The other end may only have been replaced: then it is there again in no time, and people wait for their logs.
        pause(settings.retry().dividedBy(4));
    }

    private void retry(Throwable failure) {
        Throwable why =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        Instant now = context.clock().instant();
        if (toldAt.equals(Instant.MIN) || !now.isBefore(toldAt.plus(TOLD_EVERY))) {
            toldAt = now;
            LOG.info("no tunnel for logs and commands, trying on: reason={}", why.getMessage());
        } else {
            LOG.debug("no tunnel: reason={}", why.getMessage());
        }
        pause();
    }

    private void pause() {
        pause(settings.retry());
    }

    /** Many nodes that lost their cloud together don't come back together. */
    private void pause(Duration least) {
        long pause = least.toMillis();
        context.after(Duration.ofMillis(pause + random.nextLong(pause / 2 + 1)), this::prepare);
    }

    private void watch() {
        Instant now = context.clock().instant();
        tunnels.forEach((tunnel, vigil) -> {
            if (vigil.isOverdue(tunnel.silence(), now)) {
                tunnel.close("no sign of life for " + tunnel.silence().toSeconds() + " s");
            } else {
                tunnel.ping("ping you");
            }
        });
    }
}
