package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkListener;
import io.skep.transport.LinkPeer;
import io.skep.transport.LinkPort;
import io.skep.transport.LinkTarget;
import io.skep.transport.ListenSettings;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.ServerTls.ClientAuth;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JettyTransportTest {

    private static final Duration GRACE = Duration.ofSeconds(30);

    private final JettyTransport transport = new JettyTransport();
    private final Cloud cloud = new Cloud();

    @AfterEach
    void stop() {
        transport.stop();
    }

    private LinkPort listen() {
        return transport.listen("cloudhub", cloud.settings(ClientAuth.REQUIRED), cloud);
    }

    private static LinkTarget target(LinkPort port, ClientTls tls) {
        return new LinkTarget(
                URI.create("wss://127.0.0.1:" + port.port() + "/project/edge-1/events"),
                Map.of("node_id", "edge-1", "ConnectionUse", "msg"),
                tls,
                Duration.ofSeconds(20));
    }

    private Link dial(LinkTarget target) throws Exception {
        return get(transport.open("edgehub", target));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static Message message(String content) {
        return Message.of(Route.of("edged", "meta", "update", "default/pod/web-0"), new Content.Json(content));
    }

    private static void until(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("time limit").isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    @Test
    void messagesGoBothWaysAndBothEndsSeeWhoTheOtherIs() throws Exception {
        cloud.verdict = Admission.accept(Map.of("Skep-Features", "upstream-ack"));
        Link edge = dial(target(listen(), cloud.tls()));
        Recorder node = new Recorder();
        edge.attach(node);
        Link session = cloud.link();

        Message up = message("\"up\"");
        Message down = message("\"down\"");
        get(edge.send(up));
        get(session.send(down));

        assertThat(cloud.recorder.next().id()).isEqualTo(up.id());
        assertThat(node.next().id()).isEqualTo(down.id());
        assertThat(session.peer().header("Node_ID")).isEqualTo("edge-1");
        assertThat(session.peer().path()).isEqualTo("/project/edge-1/events");
        assertThat(session.peer()
                        .certificates()
                        .get(0)
                        .getSubjectX500Principal()
                        .getName())
                .startsWith("CN=system:node:edge-1");
        assertThat(edge.peer().header("skep-features")).isEqualTo("upstream-ack");
        assertThat(edge.counters().sent()).isEqualTo(1);
        assertThat(edge.counters().received()).isEqualTo(1);
    }

    // Jetty would make a pool of its own for each client, of eight threads that never end.
    @Test
    void linkRunsOnTheTransportsThreads() throws Exception {
        dial(target(listen(), cloud.tls()));

        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.startsWith("WebSocket@"));
    }

    @Test
    void syncIsNeverOnTheWire() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Message request = message("1");

        edge.send(request.withHeader(request.header().withSync(true)));

        assertThat(cloud.recorder.next().header().sync()).isFalse();
    }

    @Test
    void clientOfAnotherAuthorityWithoutCertificateOrExpiredIsRefusedWithTheReason() throws Exception {
        LinkPort port = listen();
        Cloud other = new Cloud();
        ClientTls foreign = new ClientTls(
                List.of(cloud.authority.certificate()),
                Optional.of(other.node("edge-1", Instant.now(), Duration.ofDays(1))));
        ClientTls nobody = new ClientTls(List.of(cloud.authority.certificate()), Optional.empty());
        ClientTls expired = cloud.tls(cloud.node("edge-1", Instant.now().minusSeconds(7200), Duration.ofSeconds(3600)));

        assertUnauthorized(target(port, foreign), "does not accept our certificate");
        assertUnauthorized(target(port, nobody), "certificate");
        assertUnauthorized(target(port, expired), "certificate");
        assertThat(cloud.links).isEmpty();
    }

    @Test
    void serverOfAnotherAuthorityOrAnotherNameIsRefusedWithTheReason() throws Exception {
        LinkPort port = listen();
        Cloud other = new Cloud();
        LinkTarget good = target(port, cloud.tls());
        LinkTarget otherName = new LinkTarget(
                URI.create("wss://127.0.0.2:" + port.port() + "/"), good.headers(), good.tls(), good.timeout());
        LinkPort everywhere = transport.listen(
                "all",
                new ListenSettings(
                        "0.0.0.0", 0, cloud.settings(ClientAuth.REQUIRED).tls()),
                cloud);
        LinkTarget unnamed = new LinkTarget(
                URI.create("wss://127.0.0.2:" + everywhere.port() + "/"), Map.of(), good.tls(), good.timeout());

        assertUnauthorized(target(port, other.tls()), "not signed by the expected certificate authority");
        assertUnauthorized(unnamed, "127.0.0.2");
        assertThat(reasonOf(otherName)).isEqualTo(Reason.SERVICE_UNAVAILABLE);
    }

    private void assertUnauthorized(LinkTarget target, String why) {
        assertThatThrownBy(() -> dial(target))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(EdgeException.class, e -> {
                    assertThat(e.getMessage()).contains(why);
                    assertThat(e.reason()).isEqualTo(Reason.UNAUTHORIZED);
                });
    }

    private Reason reasonOf(LinkTarget target) throws Exception {
        return get(transport.open("edgehub", target).handle((link, e) -> ((EdgeException) e).reason()));
    }

    @Test
    void refusalOfTheAcceptorReachesTheClientWithItsReason() throws Exception {
        LinkPort port = listen();
        cloud.verdict = Admission.refuse(403, "certificate is not for edge-1");

        assertThatThrownBy(() -> dial(target(port, cloud.tls())))
                .cause()
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.FORBIDDEN))
                .hasMessageContaining("status 403: certificate is not for edge-1");
    }

    @Test
    void absentCloudUnknownHostAndSilentPeerAreToldApart() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) {
            int port = silent.getLocalPort();
            assertThat(reasonOf(new LinkTarget(
                            URI.create("wss://127.0.0.1:" + port + "/"),
                            Map.of(),
                            cloud.tls(),
                            Duration.ofMillis(300))))
                    .isEqualTo(Reason.TIMEOUT);
        }
        assertThat(reasonOf(new LinkTarget(
                        URI.create("wss://127.0.0.1:1/"), Map.of(), cloud.tls(), Duration.ofSeconds(20))))
                .isEqualTo(Reason.SERVICE_UNAVAILABLE);
        assertThat(reasonOf(new LinkTarget(
                        URI.create("wss://no-such-host.invalid:1/"), Map.of(), cloud.tls(), Duration.ofSeconds(20))))
                .isEqualTo(Reason.SERVICE_UNAVAILABLE);
        assertThat(reasonOf(new LinkTarget(URI.create("cloud"), Map.of(), cloud.tls(), GRACE)))
                .isEqualTo(Reason.INVALID);
    }

    @Test
    void closeReachesTheOtherEndWithItsReason() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Recorder node = new Recorder();
        edge.attach(node);

        cloud.link().close("a newer connection of edge-1 came");

        assertThat(node.reason()).isEqualTo("closed by the peer: a newer connection of edge-1 came");
        assertThat(edge.isOpen()).isFalse();
        assertThat(transport.find("edgehub")).isEmpty();
        assertThatThrownBy(() -> get(edge.send(message("1")))).hasMessageContaining("the link is closed");
    }

    // The swap of a module: what arrives meanwhile waits, what was begun comes again, the socket stays.
    @Test
    void successorGetsWhatArrivedWhileNobodyWasThereAndWhatWasBegun() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Recorder first = new Recorder().hold();
        edge.attach(first);
        Link session = cloud.link();
        Message begun = message("1");
        Message later = message("2");
        get(session.send(begun));
        first.next();

        edge.release(GRACE);
        get(session.send(later));
        Link found = transport.find("edgehub").orElseThrow();
        Recorder second = new Recorder();
        found.attach(second);

        assertThat(second.next().id()).isEqualTo(begun.id());
        assertThat(second.next().id()).isEqualTo(later.id());
        first.finish();
        assertThat(first.waiting()).isZero();
        assertThat(found.number()).isEqualTo(edge.number());
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void linkThatNobodyTakesOverIsClosed() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        edge.attach(new Recorder());

        edge.release(Duration.ofMillis(1));

        assertThat(cloud.recorder.reason()).contains("nobody took the link over");
    }

    @Test
    void whoComesWhileThePortHasNoUserIsToldToComeBack() throws Exception {
        LinkPort port = listen();

        port.release(GRACE);

        assertThat(reasonOf(target(port, cloud.tls()))).isEqualTo(Reason.SERVICE_UNAVAILABLE);
    }

    @Test
    void successorOfThePortGetsItsLinks() throws Exception {
        ListenSettings settings = cloud.settings(ClientAuth.REQUIRED);
        LinkPort port = transport.listen("cloudhub", settings, cloud);
        Link edge = dial(target(port, cloud.tls()));
        Link session = cloud.link();
        port.release(GRACE);
        Message meanwhile = message("1");
        get(edge.send(meanwhile));

        Cloud successor = new Cloud();
        LinkPort again = transport.listen("cloudhub", settings, successor);

        assertThat(again.port()).isEqualTo(port.port());
        assertThat(successor.link().number()).isEqualTo(session.number());
        assertThat(successor.recorder.next().id()).isEqualTo(meanwhile.id());
        assertThat(again.links()).hasSize(1);
        port.close("late");
        assertThat(edge.isOpen()).isTrue();
    }

    // The user leaves on its own thread while the link opens on another: what the peer says must wait for the
    // successor.
    @Test
    void linkThatOpensWhileItsUserLeavesWaitsForTheSuccessor() throws Exception {
        ListenSettings settings = cloud.settings(ClientAuth.REQUIRED);
        CompletableFuture<LinkPort> open = new CompletableFuture<>();
        LinkPort port = transport.listen("cloudhub", settings, new LinkAcceptor() {
            @Override
            public Admission admit(LinkPeer peer) {
                return cloud.admit(peer);
            }

            @Override
            public LinkListener opened(Link link) {
                open.join().release(GRACE);
                return cloud.opened(link);
            }
        });
        open.complete(port);
        Link edge = dial(target(port, cloud.tls()));
        cloud.link();
        Message meanwhile = message("1");
        get(edge.send(meanwhile));

        Cloud successor = new Cloud();
        transport.listen("cloudhub", settings, successor);

        assertThat(successor.recorder.next().id()).isEqualTo(meanwhile.id());
        assertThat(cloud.recorder.waiting()).isZero();
    }

    @Test
    void portInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, java.net.InetAddress.getByName("127.0.0.1"))) {
            ListenSettings settings = new ListenSettings("127.0.0.1", taken.getLocalPort(), Optional.empty());

            assertThatThrownBy(() -> transport.listen("cloudhub", settings, cloud))
                    .isInstanceOf(EdgeException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }
    }

    // A slow user must not fill our memory: beyond a bound the socket is not read.
    @Test
    void slowListenerStopsTheReadingAndLosesNothing() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Link session = cloud.link();
        cloud.recorder.hold();
        int count = 500;
        CompletionStage<Void> last = null;
        for (int i = 0; i < count; i++) {
            last = edge.send(message(Integer.toString(i)));
        }
        get(last);
        until(() -> session.counters().waiting() >= Receiving.MAX_WAITING);
        assertThat(session.counters().waiting()).isEqualTo(Receiving.MAX_WAITING);

        cloud.recorder.finish();

        for (int i = 0; i < count; i++) {
            assertThat(cloud.recorder.next().content().json()).isEqualTo(Integer.toString(i));
        }
    }

    // A peer that reads nothing: what we may queue has an end, and the sender is told.
    @Test
    void queueToASlowPeerIsBounded() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        cloud.recorder.hold();
        String big = "\"" + "x".repeat(1 << 20) + "\"";

        CompletableFuture<Void> refused = null;
        for (int i = 0; i < 200 && refused == null; i++) {
            CompletableFuture<Void> sent = edge.send(message(big)).toCompletableFuture();
            refused = sent.isCompletedExceptionally() ? sent : null;
        }

        assertThat(refused).isNotNull();
        assertThatThrownBy(refused::join)
                .cause()
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_REQUESTS));
    }

    @Test
    void largeMessageGoesThroughAndTooLargeOneIsRefusedBeforeItIsSent() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));
        Link session = cloud.link();
        Recorder node = new Recorder();
        edge.attach(node);
        String large = "\"" + "\u00e4".repeat(5 << 20) + "\"";
        String tooLarge = "\"" + "x".repeat(Link.MAX_MESSAGE_BYTES) + "\"";

        get(session.send(message(large)));

        assertThat(node.next().content().json()).isEqualTo(large);
        assertThatThrownBy(() -> get(session.send(message(tooLarge))))
                .cause()
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThat(session.isOpen()).isTrue();
    }

    @Test
    void fragmentsAndBinaryMessagesAreUnderstood() throws Exception {
        WebSocket peer = foreignPeer();
        ByteBuffer umlaut = StandardCharsets.UTF_8.encode("{\"content\":\"\u00e4\"}\n");

        peer.sendText("{\"header\":{\"msg_id\":", false).get(10, TimeUnit.SECONDS);
        peer.sendText("\"f\"}", false).get(10, TimeUnit.SECONDS);
        peer.sendText("}\n", false).get(10, TimeUnit.SECONDS);
        peer.sendText("", true).get(10, TimeUnit.SECONDS);
        peer.sendBinary(umlaut, true).get(10, TimeUnit.SECONDS);

        assertThat(cloud.recorder.next().id()).isEqualTo("f");
        assertThat(cloud.recorder.next().content().json()).isEqualTo("\"\u00e4\"");
    }

    @Test
    void malformedMessageClosesItsLinkAndNoOther() throws Exception {
        WebSocket bad = foreignPeer();
        Link session = cloud.link();

        bad.sendText("{\"header\":{\"timestamp\":\"soon\"}}", true);

        assertThat(cloud.recorder.reason()).contains("timestamp must be an integer");
        assertThat(session.isOpen()).isFalse();
        foreignPeer();
        assertThat(cloud.link().isOpen()).isTrue();
    }

    @Test
    void oversizedMessageClosesItsLinkWithAReason() throws Exception {
        WebSocket bad = foreignPeer();
        String part = "x".repeat(1 << 20);

        try {
            for (int i = 0; i <= Link.MAX_MESSAGE_BYTES >> 20; i++) {
                bad.sendText(part, false).get(10, TimeUnit.SECONDS);
            }
        } catch (ExecutionException e) {
            assertThat(e).hasMessageContaining("IO");
        }

        assertThat(cloud.recorder.reason()).isNotEmpty();
        assertThat(cloud.recorder.waiting()).isZero();
    }

    /** Another implementation of the protocol than ours, without TLS. */
    private WebSocket foreignPeer() throws Exception {
        LinkPort port = transport.listen("plain", new ListenSettings("127.0.0.1", 0, Optional.empty()), cloud);
        return HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("node_id", "edge-1")
                .buildAsync(URI.create("ws://127.0.0.1:" + port.port() + "/"), new WebSocket.Listener() {})
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void deadSocketIsNoticedAtOnce() throws Exception {
        WebSocket peer = foreignPeer();
        cloud.link();

        peer.abort();

        assertThat(cloud.recorder.reason()).startsWith("connection lost").doesNotContain("null");
    }

    @Test
    void stopOfTheTransportClosesLinksAndEndsItsThreads() throws Exception {
        Link edge = dial(target(listen(), cloud.tls()));

        transport.stop();

        assertThat(edge.isOpen()).isFalse();
        until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(t -> t.getName().startsWith("edge-link") && t.isAlive()));
    }
}
