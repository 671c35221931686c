package io.skep.transport.internal;

import io.skep.transport.Link;
import io.skep.transport.LinkPeer;
import io.skep.transport.LinkTarget;
import io.skep.transport.tls.ClientTls;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.eclipse.jetty.client.Connection;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.JettyUpgradeListener;
import org.eclipse.jetty.websocket.client.WebSocketClient;

/** Opens links with one identity. Thread-safe. */
final class Dialer {

    /** A network that was away swallows connection requests; a new one finds out sooner than TCP's repeats. */
    private static final long CONNECT_LIMIT_MILLIS = 5_000;

    private final JettyRuntime runtime;
    private final ClientTls tls;
    private final Consumer<Dialer> unused;
    private final WebSocketClient client;
    private int uses;

    Dialer(JettyRuntime runtime, ClientTls tls, Consumer<Dialer> unused) {
        this.runtime = runtime;
        this.tls = tls;
        this.unused = unused;
        this.client = started(runtime, tls);
    }

    /** A client that runs, with nothing but the runtime's threads, timer and buffers. */
    static WebSocketClient started(JettyRuntime runtime, ClientTls tls) {
        return JettyRuntime.withOwnLoader("cannot prepare to connect", () -> {
            HttpClient http = http(runtime, tls);
            // Only one that runs lends its threads to the WebSocket: beside another Jetty starts a pool of eight more.
            http.start();
            WebSocketClient client = new WebSocketClient(http);
            // Afterwards: until then the last word of a link is on its way.
            client.addEventListener(new LifeCycle.Listener() {
                @Override
                public void lifeCycleStopped(LifeCycle stopped) {
                    LifeCycle.stop(http);
                }

                @Override
                public void lifeCycleFailure(LifeCycle failed, Throwable cause) {
                    LifeCycle.stop(http);
                }
            });
            WebSocketWire.configure(client);
            client.setStopTimeout(0);
            client.start();
            return client;
        });
    }

    private static HttpClient http(JettyRuntime runtime, ClientTls tls) {
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        connector.setExecutor(runtime.threads());
        connector.setScheduler(runtime.timer());
        connector.setByteBufferPool(runtime.buffers());
        connector.setSslContextFactory(ssl(tls));
        HttpClient http = new HttpClient(new HttpClientTransportOverHTTP(connector));
        http.setName("edge-link");
        http.setConnectTimeout(CONNECT_LIMIT_MILLIS);
        http.setFollowRedirects(false);
        http.setHttpCookieStore(new HttpCookieStore.Empty());
        http.setMaxConnectionsPerDestination(Integer.MAX_VALUE);
        http.setUserAgentField(null);
        return http;
    }

    private static SslContextFactory.Client ssl(ClientTls tls) {
        SslContextFactory.Client factory = new SslContextFactory.Client();
        factory.setSslContext(tls.context());
        factory.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        if (tls.trusted().isEmpty()) {
            factory.setEndpointIdentificationAlgorithm(null);
        }
        return factory;
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
        WebSocketWire wire = new WebSocketWire(runtime, (w, session) -> {
            LinkPeer peer = answer.peer(target);
            LiveLink.Identification who = new LiveLink.Identification(number, key, peer, Instant.now());
            LiveLink link = new LiveLink(who, w, runtime.executor(), true, gone.andThen(l -> unused.accept(this)));
            opened.accept(link);
            return link;
        });
        ClientUpgradeRequest request = new ClientUpgradeRequest(target.uri());
        target.headers().forEach(request::setHeader);
        request.setTimeout(target.timeout().toMillis(), TimeUnit.MILLISECONDS);
        CompletableFuture<Link> result = new CompletableFuture<>();
        runtime.limited(connect(wire, request, answer), target.timeout().plusSeconds(1))
                .whenComplete((session, failure) -> {
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

    private CompletableFuture<?> connect(WebSocketWire wire, ClientUpgradeRequest request, Answer answer) {
        try {
            return client.connect(wire, request, answer);
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What came back on the request to open a link. */
    public static final class Answer implements JettyUpgradeListener {

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
