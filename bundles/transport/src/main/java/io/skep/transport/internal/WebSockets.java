package io.skep.transport.internal;

import io.skep.transport.Link;
import io.skep.transport.LinkTarget;
import io.skep.transport.tls.ClientTls;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.client.ContentDecoder;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpCookieStore;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.core.Configuration.ConfigurationCustomizer;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.WebSocketComponents;
import org.eclipse.jetty.websocket.core.client.CoreClientUpgradeRequest;
import org.eclipse.jetty.websocket.core.client.UpgradeListener;
import org.eclipse.jetty.websocket.core.client.WebSocketCoreClient;
import org.eclipse.jetty.websocket.core.server.WebSocketMappings;

/** Makes connections WebSockets, those we open and those that come, with the runtime's threads, timer and buffers alone. */
final class WebSockets {

    /** A network that was away swallows connection requests; a new one finds out sooner than TCP's repeats. */
    private static final long CONNECT_LIMIT_MILLIS = 5_000;

    private static final ConfigurationCustomizer SETTINGS = settings();

    private final JettyRuntime runtime;
    private final WebSocketMappings server;

    WebSockets(JettyRuntime runtime) {
        this.runtime = runtime;
        this.server = new WebSocketMappings(components());
    }

    // Whole messages up to our limit, no idle timeout of its own, small buffers.
    private static ConfigurationCustomizer settings() {
        ConfigurationCustomizer sessions = new ConfigurationCustomizer();
        sessions.setMaxFrameSize(Link.MAX_MESSAGE_BYTES);
        sessions.setIdleTimeout(Duration.ZERO);
        sessions.setInputBufferSize(4096);
        sessions.setOutputBufferSize(4096);
        sessions.setAutoFragment(false);
        return sessions;
    }

    // Without threads named here Jetty starts a pool of eight for each.
    private WebSocketComponents components() {
        return new WebSocketComponents(null, null, runtime.buffers(), null, null, runtime.threads());
    }

    /** A client that runs; whoever asks for it stops it. */
    WebSocketCoreClient client(ClientTls tls) {
        return JettyRuntime.withOwnLoader("cannot prepare to connect", () -> {
            WebSocketCoreClient client = new WebSocketCoreClient(http(tls), components());
            client.start();
            return client;
        });
    }

    private HttpClient http(ClientTls tls) {
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
        http.getContentDecoderFactories().put(new Identity());
        return http;
    }

    /** Where Jetty knows of a decoder it looks for no others, for which it needs a bundle that is optional to it. */
    private static final class Identity extends ContentDecoder.Factory {

        Identity() {
            super("identity");
        }

        @Override
        public Content.Source newDecoderContentSource(Content.Source source) {
            return source;
        }
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

    /** Opens one session; the future fails a second after the target's time at the latest. */
    CompletableFuture<CoreSession> connect(
            WebSocketCoreClient client, LinkTarget target, FrameHandler session, UpgradeListener answer) {
        CompletableFuture<CoreSession> opening;
        try {
            CoreClientUpgradeRequest request = CoreClientUpgradeRequest.from(client, target.uri(), session);
            request.setConfiguration(SETTINGS);
            request.headers(fields -> target.headers().forEach(fields::put));
            request.timeout(target.timeout().toMillis(), TimeUnit.MILLISECONDS);
            request.addListener(answer);
            opening = client.connect(request);
        } catch (IOException | RuntimeException e) {
            opening = CompletableFuture.failedFuture(e);
        }
        return runtime.limited(opening, target.timeout().plusSeconds(1));
    }

    /** Answers a handshake, with more {@code headers}; {@code false}, and nothing answered, when it is none. */
    boolean upgrade(
            Request request, Response response, Callback callback, FrameHandler session, Map<String, String> headers) {
        return server.upgrade(
                (asked, answer, done) -> {
                    answer.setExtensions(List.of());
                    headers.forEach(answer.getHeaders()::put);
                    return session;
                },
                request,
                response,
                callback,
                SETTINGS);
    }
}
