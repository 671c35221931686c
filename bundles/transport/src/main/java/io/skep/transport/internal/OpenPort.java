package io.skep.transport.internal;

import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPeer;
import io.skep.transport.ListenSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening port with its links; outlives the users that come and go as its acceptor. Thread-safe. */
final class OpenPort {

    /** Where the reason of a refusal stands for our own client; the body says the same to others. */
    static final String REASON_HEADER = "Skep-Reason";

    private static final Logger LOG = LoggerFactory.getLogger(OpenPort.class);

    private final String key;
    private final ListenSettings settings;
    private final JettyRuntime runtime;
    private final AtomicLong numbers;
    /** Each link and the user it was last given to. */
    private final Map<LiveLink, Optional<LinkAcceptor>> links = new ConcurrentHashMap<>();

    private final Server server;
    private volatile LinkAcceptor acceptor;

    /** @param numbers gives each link its number */
    OpenPort(String key, ListenSettings settings, LinkAcceptor acceptor, JettyRuntime runtime, AtomicLong numbers) {
        this.key = key;
        this.settings = settings;
        this.runtime = runtime;
        this.numbers = numbers;
        this.acceptor = acceptor;
        this.server = Ports.open(runtime, key, settings, new UpgradeHandler());
        LOG.info("listening: key={} host={} port={}", key, settings.host(), port());
    }

    ListenSettings settings() {
        return settings;
    }

    int port() {
        return Ports.port(server);
    }

    List<Link> links() {
        return List.copyOf(links.keySet());
    }

    /** Gives port and links to a new user. */
    void takeOver(LinkAcceptor successor) {
        acceptor = successor;
        links.keySet().forEach(link -> give(link, successor));
    }

    /** A link that opens while the port changes hands is given to the new user once. */
    private void give(LiveLink link, LinkAcceptor to) {
        Optional<LinkAcceptor> before = links.put(link, Optional.of(to));
        if (!Optional.of(to).equals(before)) {
            link.attachIf(() -> acceptor == to, to.opened(link));
        }
        if (!link.isOpen()) {
            links.remove(link);
        }
    }

    /** Lets go of the user. */
    void release(Duration grace) {
        acceptor = null;
        links.keySet().forEach(link -> link.release(grace));
    }

    boolean isReleased() {
        return acceptor == null;
    }

    void close(String reason) {
        acceptor = null;
        links.keySet().forEach(link -> link.close(reason));
        Ports.close(server);
        LOG.info("closed: key={} reason={}", key, reason);
    }

    private LiveLink open(Wire wire, LinkPeer peer) {
        LiveLink.Identification who = new LiveLink.Identification(numbers.incrementAndGet(), key, peer, Instant.now());
        Consumer<LiveLink> gone = link -> {
            links.remove(link);
            runtime.forget(link);
        };
        LiveLink link = new LiveLink(who, wire, runtime.executor(), false, gone);
        links.put(link, Optional.empty());
        runtime.watch(link);
        Optional.ofNullable(acceptor).ifPresent(to -> give(link, to));
        return link;
    }

    /** Asks the acceptor about each request and turns those let in into links. */
    private final class UpgradeHandler extends Handler.Abstract {

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            LinkPeer peer = Peers.of(request);
            Admission admission = request.getHeaders().contains(HttpHeader.UPGRADE, "websocket")
                    ? admit(peer)
                    : Admission.refuse(HttpStatus.UPGRADE_REQUIRED_426, "only WebSocket is spoken here");
            if (!admission.accepted()) {
                refuse(admission, response, callback);
            } else if (!upgrade(admission, peer, request, response, callback)) {
                refuse(Admission.refuse(HttpStatus.BAD_REQUEST_400, "not a WebSocket request"), response, callback);
            }
            return true;
        }

        private boolean upgrade(
                Admission admission, LinkPeer peer, Request request, Response response, Callback callback) {
            WebSocketWire wire = new WebSocketWire(runtime, w -> open(w, peer));
            return runtime.webSockets().upgrade(request, response, callback, wire.session(), admission.headers());
        }

        private Admission admit(LinkPeer peer) {
            LinkAcceptor judge = acceptor;
            return judge == null
                    ? Admission.refuse(HttpStatus.SERVICE_UNAVAILABLE_503, "not ready, come back soon")
                    : judge.admit(peer);
        }

        private void refuse(Admission admission, Response response, Callback callback) {
            response.setStatus(admission.status());
            admission.headers().forEach((k, v) -> response.getHeaders().put(k, v));
            response.getHeaders().put(new HttpField(REASON_HEADER, admission.reason()));
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain; charset=utf-8");
            Content.Sink.write(response, true, admission.reason() + "\n", callback);
        }
    }
}
