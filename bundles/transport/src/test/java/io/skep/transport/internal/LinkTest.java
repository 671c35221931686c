package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.transport.Link;
import io.skep.transport.LinkPort;
import io.skep.transport.LinkTarget;
import io.skep.transport.ListenSettings;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** What tests of links share: a transport, a cloud that listens, and a client that dials. */
abstract class LinkTest {

    static final Duration GRACE = Duration.ofSeconds(30);

    final JettyTransport transport = new JettyTransport();
    final Cloud cloud = new Cloud();

    @AfterEach
    void stop() {
        transport.stop();
    }

    LinkPort listen() {
        return transport.listen("cloudhub", cloud.settings(ClientAuth.REQUIRED), cloud);
    }

    static LinkTarget target(LinkPort port, ClientTls tls) {
        return new LinkTarget(
                URI.create("wss://127.0.0.1:" + port.port() + "/project/edge-1/events"),
                Map.of("node_id", "edge-1", "ConnectionUse", "msg"),
                tls,
                Duration.ofSeconds(20));
    }

    Link dial(LinkTarget target) throws Exception {
        return get(transport.open("edgehub", target));
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    static Message message(String content) {
        return Message.of(Route.of("edged", "meta", "update", "default/pod/web-0"), new Content.Json(content));
    }

    static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time limit").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    Reason reasonOf(LinkTarget target) throws Exception {
        return get(transport.open("edgehub", target).handle((link, e) -> ((EdgeException) e).reason()));
    }

    /** Another implementation of the protocol than ours, without TLS. */
    WebSocket foreignPeer() throws Exception {
        LinkPort port = transport.listen("plain", new ListenSettings("127.0.0.1", 0, Optional.empty()), cloud);
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("node_id", "edge-1")
                .buildAsync(URI.create("ws://127.0.0.1:" + port.port() + "/"), new WebSocket.Listener() {})
                .get(20, TimeUnit.SECONDS);
    }
}
