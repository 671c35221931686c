package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.EdgeCoreSession;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.Handover;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.ObjectKey;
import io.skep.transport.internal.JettyTransport;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.JoinToken;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The hub over real sockets, TLS and all, with a node that is not our own code. */
class LoopbackTest {

    private static final String POD = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":"
            + "{\"name\":\"web\",\"namespace\":\"default\",\"uid\":\"u-1\"}}";

    private final InMemoryResourceStore store = new InMemoryResourceStore();
    private final JettyTransport transport = new JettyTransport();
    private final BlockingQueue<Message> controller = new LinkedBlockingQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private OneThread context;
    private CloudHubModule hub;

    @BeforeEach
    void start() {
        begin(Handover.NONE);
    }

    private void begin(Handover handover) {
        context = new OneThread();
        open.add(context);
        hub = new CloudHubModule(store, transport, transport, Hub.settings(10));
        context.route("edgecontroller", controller::add);
        context.start(hub, handover);
        await(() -> hub.health().ok());
    }

    @AfterEach
    void stop() throws Exception {
        transport.stop();
        for (AutoCloseable closeable : open) {
            closeable.close();
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("waited in vain");
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(1_000_000);
        }
    }

    private JoinToken token() {
        Message question = Message.of(Route.of("shell", "cloudhub", "query", "token"), Content.EMPTY);
        context.route("cloudhub", hub::receive);
        String json = context.sendSync("cloudhub", question, Duration.ofSeconds(20))
                .content()
                .json();
        return JoinToken.parse(json.substring(1, json.length() - 1));
    }

    private X509Certificate authority() throws Exception {
        return Der.certificate(EdgeClient.fetchAuthority(hub.ports().get(1)));
    }

    private EdgeClient join(String node) throws Exception {
        Identity identity = EdgeClient.enrol(hub.ports().get(1), token(), node);
        return EdgeClient.connect(hub.ports().get(0), authority(), Optional.of(identity), node);
    }

    private Message toController() throws InterruptedException {
        Message message = controller.poll(20, TimeUnit.SECONDS);
        assertThat(message).isNotNull();
        return message;
    }

    private Message pod(String version) {
        Message push = Message.of(
                Route.of("edgecontroller", "resource", "insert", "node/edge-1/default/pod/web"), new Content.Json(POD));
        return push.withHeader(push.header().withResourceVersion(version));
    }

    private void down(Message message) {
        context.call(() -> {
            hub.receive(message);
            return true;
        });
    }

    private String synced() {
        try {
            return store.get(new ObjectKey(Kinds.OBJECT_SYNC, "default", "edge-1.u-1"))
                    .status()
                    .text("objectResourceVersion");
        } catch (io.skep.kube.api.KubeException e) {
            return e.reason();
        }
    }

    @Test
    void nodeJoinsGetsAPodAndItsAcknowledgementIsRecorded() throws Exception {
        EdgeClient edge = join("edge-1");
        assertThat(toController().content().json()).isEqualTo("\"cloud_connected\"");

        down(pod("7"));
        Message push = edge.next();
        assertThat(push.route().resource()).isEqualTo("default/pod/web");
        edge.send(push.reply(Content.OK));

        await(() -> synced().equals("7"));
    }

    @Test
    void wrongTokenGivesNoCertificate() {
        JoinToken right = token();
        JoinToken wrong = new JoinToken(
                right.authorityHash(),
                JoinToken.create(
                                CertificateAuthority.create(Instant.now()),
                                Instant.now().plusSeconds(60))
                        .bearer());

        assertThatThrownBy(() -> EdgeClient.enrol(hub.ports().get(1), wrong, "edge-1"))
                .hasMessageStartingWith("401");
    }

    @Test
    void certificateOfAForeignAuthorityIsRefused() throws Exception {
        CertificateAuthority foreign = CertificateAuthority.create(Instant.now());

        assertThatThrownBy(() -> EdgeClient.connect(
                        hub.ports().get(0), authority(), Optional.of(identity(foreign, "edge-1")), "edge-1"))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> EdgeClient.connect(hub.ports().get(0), authority(), Optional.empty(), "edge-1"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(controller).isEmpty();
    }

    private static Identity identity(CertificateAuthority signer, String node) {
        KeyPair keys = Der.newKeys();
        return new Identity(
                keys.getPrivate(),
                List.of(signer.sign(
                        CertificateRequest.parse(CertificateRequest.forNode(node, keys)),
                        Set.of(Usage.CLIENT),
                        Instant.now(),
                        Duration.ofDays(1))));
    }

    @Test
    void certificateOfAnotherNodeIsRefused() throws Exception {
        Identity mine = EdgeClient.enrol(hub.ports().get(1), token(), "edge-2");

        assertThatThrownBy(() -> EdgeClient.connect(hub.ports().get(0), authority(), Optional.of(mine), "edge-1"))
                .isInstanceOf(IllegalStateException.class);
        assertThat(controller).isEmpty();
    }

    @Test
    void newerConnectionClosesTheOlderWithAReason() throws Exception {
        EdgeClient old = join("edge-1");
        toController();

        EdgeClient young = join("edge-1");

        assertThat(old.closedBecause()).contains("replaced this one");
        assertThat(young.isOpen()).isTrue();
    }

    // Replacing the hub's bundle must cost the nodes nothing.
    @Test
    void successorOfTheHubKeepsTheSockets() throws Exception {
        EdgeClient edge = join("edge-1");
        toController();

        Handover handover = context.stop(hub);
        Message question = Message.of(Route.of("edged", "meta", "query", "default/node/edge-1"), Content.EMPTY);
        edge.send(question);
        begin(handover);

        List<String> seen = new ArrayList<>();
        seen.add(toController().route().operation());
        seen.add(toController().route().operation());
        assertThat(seen).contains("connect", "query");
        assertThat(edge.isOpen()).isTrue();
        down(pod("9"));
        assertThat(edge.next().route().resource()).isEqualTo("default/pod/web");
    }

    @Test
    void nonsenseOnTheWireHurtsNobodyElse() throws Exception {
        EdgeClient good = join("edge-1");
        EdgeClient bad = join("edge-2");
        bad.raw("{\"header\":{}}");
        bad.raw("this is no JSON");

        Message question = Message.of(Route.of("edged", "meta", "query", "k8s/ca.crt"), Content.EMPTY);
        good.send(question);

        assertThat(good.answerTo(question).content().json()).contains("BEGIN CERTIFICATE");
    }

    /** The node's side of a recorded session of EdgeCore, sent as it was, over a real socket. */
    @Test
    void recordedSessionGoesThrough() throws Exception {
        EdgeClient edge = join("edge-1");
        ObjectMapper mapper = new ObjectMapper();
        int sent = 0;
        for (String line : EdgeCoreSession.lines()) {
            JsonNode entry = mapper.readTree(line);
            if (entry.path("dir").asText().equals("send")) {
                edge.raw(entry.path("msg").toString() + "\n");
                sent++;
            }
        }
        Message last = Message.of(Route.of("edged", "meta", "query", "k8s/ca.crt"), Content.EMPTY);
        edge.send(last);

        assertThat(edge.answerTo(last).route().source()).isEqualTo("cloudhub");
        assertThat(sent).isGreaterThan(250);
        assertThat(edge.isOpen()).isTrue();
        assertThat(controller)
                .extracting(m -> m.route().resource())
                .contains("node/edge-1/default/node/edge-1", "node/edge-1/kube-node-lease/lease/edge-1");
    }
}
