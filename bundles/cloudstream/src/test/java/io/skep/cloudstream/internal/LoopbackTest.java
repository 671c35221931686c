package io.skep.cloudstream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.cloudstream.internal.CloudStreamSettings.Limits;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.core.api.module.Handover;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.transport.LinkTarget;
import io.skep.transport.internal.JettyTransport;
import io.skep.transport.tls.CertificateAuthority;
import io.skep.transport.tls.CertificateAuthority.Usage;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelListener;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The module with real tunnels over TLS, and a node's end made for the test. */
class LoopbackTest {

    private static final Duration KEY_CHECK = Duration.ofSeconds(30);
    private static final KubeletRequest EXEC =
            new KubeletRequest("POST", "/exec/default/web/app", "command=sh", Map.of());

    private final JettyTransport transport = new JettyTransport();
    private final InMemoryResourceStore store = new InMemoryResourceStore();
    private final FakeModuleContext context = new FakeModuleContext("cloudStream");
    private final Instant start = Instant.now().minusSeconds(60);
    private final CertificateAuthority authority = CertificateAuthority.create(start);
    private final CloudStreamModule module = new CloudStreamModule(
            store,
            transport,
            new CloudStreamSettings(
                    "127.0.0.1",
                    0,
                    new Limits(10, 10, 10, 1024, Duration.ofSeconds(10)),
                    Duration.ofSeconds(30),
                    KEY_CHECK));
    private final Node node = new Node();

    private static final class Node implements TunnelListener {

        final BlockingQueue<TunnelFrame> frames = new LinkedBlockingQueue<>();
        final CompletableFuture<String> end = new CompletableFuture<>();

        @Override
        public CompletionStage<Void> received(TunnelFrame frame) {
            frames.add(frame);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void closed(String reason) {
            end.complete(reason);
        }

        TunnelFrame next() throws InterruptedException {
            return frames.poll(20, TimeUnit.SECONDS);
        }
    }

    @BeforeEach
    void begin() {
        module.start(context, Handover.NONE);
        context.runWork();
    }

    @AfterEach
    void end() {
        module.stop();
        transport.stop();
    }

    private void makeKeys() {
        Identity server = authority.issueServer(List.of("127.0.0.1"), start);
        secret("casecret", Map.of("cadata", authority.certificateDer(), "cakeydata", authority.keyDer()));
        secret(
                "cloudcoresecret",
                Map.of(
                        "cloudcoredata", Der.encode(server.certificate()),
                        "cloudcorekeydata", Der.encode(server.key())));
    }

    private void secret(String name, Map<String, byte[]> data) {
        Map<String, String> encoded = new java.util.LinkedHashMap<>();
        data.forEach((key, value) -> encoded.put(key, Base64.getEncoder().encodeToString(value)));
        store.create(
                Kinds.SECRET,
                "kubeedge",
                KubeObject.of(Map.of("metadata", Map.of("name", name), "data", encoded)),
                WriteOptions.NONE);
    }

    private void listening() {
        makeKeys();
        context.advance(Duration.ofSeconds(1));
        assertThat(module.health().ok()).as(module.health().message()).isTrue();
    }

    private ClientTls tls(String name) {
        KeyPair keys = Der.newKeys();
        CertificateRequest request = CertificateRequest.parse(CertificateRequest.forNode(name, keys));
        Identity identity = new Identity(
                keys.getPrivate(), List.of(authority.sign(request, Set.of(Usage.CLIENT), start, Duration.ofDays(1))));
        return new ClientTls(List.of(authority.certificate()), Optional.of(identity));
    }

    private Tunnel dial(String path, String name, String certifiedAs) throws Exception {
        LinkTarget target = new LinkTarget(
                URI.create("wss://127.0.0.1:" + module.port() + path),
                Map.of("SessionHostNameOverride", name, "SessionInternalIP", "127.0.0.1"),
                tls(certifiedAs),
                Duration.ofSeconds(20));
        return transport.open(target, tunnel -> node).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    /** A tunnel that is known on both ends: the node is through first. */
    private Tunnel connected() throws Exception {
        Tunnel edge = dial(NodeTunnels.PATH, "edge-1", "edge-1");
        Instant limit = Instant.now().plusSeconds(20);
        while (gauge("skep_stream_tunnels") == 0 && Instant.now().isBefore(limit)) {
            Thread.onSpinWait();
        }
        return edge;
    }

    private double gauge(String name) {
        return module.samples().stream()
                .filter(sample -> sample.name().equals(name))
                .findFirst()
                .orElseThrow()
                .value();
    }

    @Test
    void portOpensWhenTheHubHasMadeItsKeys() {
        assertThat(module.health().message()).contains("the hub has not made secret kubeedge/cloudcoresecret yet");

        listening();

        assertThat(module.port()).isPositive();
    }

    @Test
    void commandsBytesPassBothWaysUntilTheCallerLeaves() throws Exception {
        listening();
        Tunnel edge = connected();
        Caller caller = new Caller();

        PodStream stream = module.exec("edge-1", EXEC, caller);
        TunnelFrame asked = node.next();
        edge.send(TunnelFrame.data(asked.id(), "HTTP/1.1 101 ".getBytes(StandardCharsets.UTF_8)));
        caller.awaitBytes();
        stream.send(new byte[] {(byte) 0x80, 0, 1});
        TunnelFrame typed = node.next();
        stream.close();

        assertThat(caller.text()).isEqualTo("HTTP/1.1 101 ");
        assertThat(typed.data()).containsExactly(0x80, 0, 1);
        assertThat(node.next()).usingRecursiveComparison().isEqualTo(TunnelFrame.remove(asked.id()));
        assertThat(gauge("skep_stream_tunnels")).isEqualTo(1);
        assertThat(gauge("skep_stream_open")).isZero();
    }

    @Test
    void nodeThatGoesTakesItsStreamsAlong() throws Exception {
        listening();
        Tunnel edge = connected();
        Caller caller = new Caller();
        module.logs("edge-1", EXEC, caller);

        edge.close("machine goes down");

        assertThat(caller.awaitEnd().orElseThrow().message()).contains("machine goes down");
    }

    @Test
    void nodeComesInOnlyUnderItsOwnNameAndAtItsOwnPath() {
        listening();

        assertThatThrownBy(() -> dial(NodeTunnels.PATH, "edge-1", "edge-2")).hasMessageContaining("403");
        assertThatThrownBy(() -> dial(NodeTunnels.PATH, "Not A Name", "edge-1")).hasMessageContaining("400");
        assertThatThrownBy(() -> dial("/", "edge-1", "edge-1")).hasMessageContaining("404");
    }

    @Test
    void newKeysOpenThePortAnewAndUnchangedOnesLeaveItAlone() throws Exception {
        listening();
        connected();

        context.advance(KEY_CHECK);
        assertThat(node.end).isNotDone();
        Identity renewed = authority.issueServer(List.of("127.0.0.1"), start);
        ObjectKey key = new ObjectKey(Kinds.SECRET, "kubeedge", "cloudcoresecret");
        Map<String, String> data = Map.of(
                "cloudcoredata", Base64.getEncoder().encodeToString(Der.encode(renewed.certificate())),
                "cloudcorekeydata", Base64.getEncoder().encodeToString(Der.encode(renewed.key())));
        store.update(key, "", store.get(key).with(data, "data"), WriteOptions.NONE);
        context.advance(KEY_CHECK);

        assertThat(node.end.get(20, TimeUnit.SECONDS)).contains("certificate has changed");
        connected();
    }

    // Who asks must not have to wait until his patience ends.
    @Test
    void requestIsAnsweredThatThereIsNoAnswerAndAMessageIsNot() {
        Message message = Message.of(Route.of("test", "resource", Operation.QUERY, "sessions"), Content.EMPTY);

        module.receive(message);
        module.receive(message.withHeader(message.header().withSync(true)));

        assertThat(context.replies())
                .singleElement()
                .extracting(Message::content)
                .asString()
                .contains("cloudstream answers no messages");
    }

    @Test
    void moduleThatStopsTellsCallersAndNodes() throws Exception {
        listening();
        connected();
        Caller caller = new Caller();
        module.logs("edge-1", EXEC, caller);

        module.stop();

        assertThat(caller.awaitEnd()).isPresent();
        node.end.get(20, TimeUnit.SECONDS);
        assertThatThrownBy(() -> module.logs("edge-1", EXEC, caller)).hasMessageContaining("being replaced");
    }
}
