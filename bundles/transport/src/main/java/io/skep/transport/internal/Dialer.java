package io.skep.transport.internal;

import io.skep.transport.Link;
import io.skep.transport.LinkPeer;
import io.skep.transport.LinkTarget;
import io.skep.transport.tls.ClientTls;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.websocket.core.client.UpgradeListener;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;

/** Opens links with one identity. Thread-safe. */
final class Dialer {

    private final JettyRuntime runtime;
    private final ClientTls tls;
    private final Consumer<Dialer> unused;
    private final WebSocketCoreClient client;
    private int uses;

    Dialer(JettyRuntime runtime, ClientTls tls, Consumer<Dialer> unused) {
        this.runtime = runtime;
        this.tls = tls;
        this.unused = unused;
        this.client = runtime.webSockets().client(tls);
    }

    ClientTls tls() {
        return tls;
    }

    /** Guarded by {@link Dialers}. */
    void use() {
        uses++;
    }

    /** Guarded by {@link Dialers}; whether that was the last use. */
    boolean unuse() {
        return --uses == 0;
    }

    /** Guarded by {@link Dialers}. */
    boolean used() {
        return uses > 0;
    }

    void stop() {
        LifeCycle.stop(client);
    }

    /** Opens one link; {@code opened} before the stage completes, {@code gone} when it is closed. */
    CompletionStage<Link> dial(
            String key, LinkTarget target, long number, Consumer<LiveLink> opened, Consumer<LiveLink> gone) {
        Answer answer = new Answer();
        WebSocketWire wire = new WebSocketWire(runtime, w -> {
            LinkPeer peer = answer.peer(target);
            LiveLink.Identification who = new LiveLink.Identification(number, key, peer, Instant.now());
            LiveLink link = new LiveLink(who, w, runtime.executor(), true, gone.andThen(l -> unused.accept(this)));
            opened.accept(link);
            return link;
        });
        CompletableFuture<Link> result = new CompletableFuture<>();
        runtime.webSockets().connect(client, target, wire.session(), answer).whenComplete((session, failure) -> {
            LiveLink link = wire.link();
            if (failure == null && link != null) {
                result.complete(link);
                return;
            }
            if (link != null) {
                link.close("opening failed");
            } else {
                unused.accept(this);
            }
            result.completeExceptionally(Refusals.explain(target, failure, answer.reason()));
        });
        return result;
    }

    /** What came back on the request to open a link. */
    private static final class Answer implements UpgradeListener {

        private volatile Response response;
        private volatile Connection connection;

        @Override
        public void onHandshakeResponse(Request request, Response value) {
            response = value;
            connection = request.getConnection();
        }

        private LinkPeer peer(LinkTarget target) {
            Connection used = connection;
            EndPoint.SslSessionData tls = used == null ? null : used.getSslSessionData();
            return Peers.of(target.uri().getPath(), used == null ? null : used.getRemoteSocketAddress(), response, tls);
        }

        private String reason() {
            Response got = response;
            String reason = got == null ? null : got.getHeaders().get(OpenPort.REASON_HEADER);
            return reason == null ? "" : reason;
        }
    }
}
