package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.transport.LinkAcceptor.Admission;
import io.skep.transport.LinkPeer;
import io.skep.transport.LinkTarget;
import io.skep.transport.tls.ServerTls.ClientAuth;
import io.skep.transport.tunnel.Tunnel;
import io.skep.transport.tunnel.TunnelAcceptor;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelListener;
import io.skep.transport.tunnel.TunnelPort;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WebSocketTunnelsTest {

    private final JettyTransport transport = new JettyTransport();
    private final Cloud cloud = new Cloud();
    private final Ears atCloud = new Ears();
    private final Ears atNode = new Ears();
    private final CompletableFuture<Tunnel> accepted = new CompletableFuture<>();
    private volatile Admission verdict = Admission.accept(Map.of());
    private volatile LinkPeer asked;

    @AfterEach
    void stop() {
        transport.stop();
    }

    private static final class Ears implements TunnelListener {

        final BlockingQueue<TunnelFrame> frames = new LinkedBlockingQueue<>();
        final CompletableFuture<String> end = new CompletableFuture<>();
        volatile CompletableFuture<Void> taken = CompletableFuture.completedFuture(null);

        @Override
        public CompletionStage<Void> received(TunnelFrame frame) {
            frames.add(frame);
            return taken;
        }

        @Override
        public void closed(String reason) {
            end.complete(reason);
        }

        TunnelFrame next() throws InterruptedException {
            return frames.poll(30, TimeUnit.SECONDS);
        }
    }

    private TunnelPort listen() {
        return transport.listen("tunnel", cloud.settings(ClientAuth.REQUIRED), new TunnelAcceptor() {
            @Override
            public Admission admit(LinkPeer peer) {
                asked = peer;
                return verdict;
            }

            @Override
            public TunnelListener opened(LinkPeer peer, Tunnel tunnel) {
                accepted.complete(tunnel);
                return atCloud;
            }
        });
    }

    private static URI uri(TunnelPort port) {
        return URI.create("wss://127.0.0.1:" + port.port() + "/v1/kubeedge/connect");
    }

    private Tunnel dial(TunnelPort port) throws Exception {
        LinkTarget target = new LinkTarget(
                uri(port), Map.of("SessionHostNameOverride", "edge-1"), cloud.tls(), Duration.ofSeconds(20));
        return get(transport.open(target, tunnel -> atNode));
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }

    private static byte[] noText(int size) {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) {
            data[i] = (byte) (i * 31 + 0x80);
        }
        return data;
    }

    @Test
    void bytesThatAreNoTextPassBothWaysInOrder() throws Exception {
        Tunnel node = dial(listen());
        assertThat(asked.header("SessionHostNameOverride")).isEqualTo("edge-1");
        assertThat(asked.certificates()).isNotEmpty();
        Tunnel there = get(accepted);
        for (int size : new int[] {0, 1, 256, 100_000, TunnelFrame.MAX_DATA_BYTES}) {
            get(node.send(TunnelFrame.data(size, noText(size))));
            get(there.send(TunnelFrame.data(size, noText(size))));
            assertThat(atCloud.next().data()).isEqualTo(noText(size));
            assertThat(atNode.next().data()).isEqualTo(noText(size));
        }
    }

    @Test
    void endIsToldAtBothEnds() throws Exception {
        Tunnel node = dial(listen());
        get(accepted);
        node.close("enough");
        assertThat(get(atCloud.end)).contains("enough");
        get(atNode.end);
        assertThatThrownBy(() -> get(node.send(TunnelFrame.remove(1))))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("the tunnel is closed");
    }

    @Test
    void releasedPortEndsItsTunnelsAndTakesNoneUntilASuccessorListens() throws Exception {
        TunnelPort first = listen();
        dial(first);
        get(accepted);

        first.release("replaced", Duration.ofMinutes(5));

        assertThat(get(atNode.end)).contains("replaced");
        assertThatThrownBy(() -> dial(first)).hasMessageContaining("503");
        TunnelPort second = listen();
        first.close("late");
        assertThat(second.port()).isEqualTo(first.port());
        assertThat(dial(second)).isNotNull();
    }

    @Test
    void pingBringsASignOfLife() throws Exception {
        Tunnel node = dial(listen());
        eventually(() -> node.silence().toMillis() > 20);
        Duration before = node.silence();

        node.ping("ping you");

        eventually(() -> node.silence().compareTo(before) < 0);
    }

    static void eventually(BooleanSupplier condition) throws InterruptedException {
        long limit = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("within 30 s").isLessThan(limit);
            Thread.sleep(2);
        }
    }

    @Test
    void peerIsNotSilentWhileWeTakeItsFrame() throws Exception {
        atCloud.taken = new CompletableFuture<>();
        Tunnel node = dial(listen());
        get(node.send(TunnelFrame.data(1, noText(10))));
        atCloud.next();

        assertThat(get(accepted).silence()).isZero();
    }

    /** A plain socket that shakes hands and then says nothing more stands for a peer whose cable was pulled. */
    @Test
    void tunnelToAPeerThatIsGoneClosesAllTheSame() throws Exception {
        TunnelPort port = listen();
        try (Socket socket = cloud.tls().context().getSocketFactory().createSocket("127.0.0.1", port.port())) {
            socket.getOutputStream()
                    .write(("GET /v1/kubeedge/connect HTTP/1.1\r\nHost: c\r\nUpgrade: websocket\r\n"
                                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            get(accepted).close("no word from the peer");

            assertThat(get(atCloud.end)).isNotNull();
        }
    }

    @Test
    void slowListenerIsGivenOneFrameAtATime() throws Exception {
        atCloud.taken = new CompletableFuture<>();
        Tunnel node = dial(listen());
        get(node.send(TunnelFrame.data(1, noText(10))));
        get(node.send(TunnelFrame.data(2, noText(10))));
        assertThat(atCloud.next().id()).isEqualTo(1);
        assertThat(atCloud.frames.poll(200, TimeUnit.MILLISECONDS)).isNull();
        atCloud.taken.complete(null);
        assertThat(atCloud.next().id()).isEqualTo(2);
    }

    @Test
    void peerThatIsNotAdmittedGetsNoTunnel() {
        verdict = Admission.refuse(403, "no such node");
        TunnelPort port = listen();
        assertThatThrownBy(() -> dial(port)).hasMessageContaining("403");
        assertThat(accepted).isNotDone();
    }

    /** EdgeCore pings each five seconds, and another stack than ours opens the tunnel. */
    @Test
    void pingIsAnsweredAndFramesGoOn() throws Exception {
        TunnelPort port = listen();
        CompletableFuture<String> pong = new CompletableFuture<>();
        WebSocket socket = get(HttpClient.newBuilder()
                .sslContext(cloud.tls().context())
                .build()
                .newWebSocketBuilder()
                .buildAsync(uri(port), new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
                        pong.complete(new String(bytes(message), StandardCharsets.UTF_8));
                        from.request(1);
                        return null;
                    }
                }));
        get(socket.sendPing(ByteBuffer.wrap("ping you".getBytes(StandardCharsets.UTF_8))));
        assertThat(get(pong)).isEqualTo("ping you");
        get(socket.sendText("\u0007\u0003h", false));
        get(socket.sendText("i", true));
        assertThat(atCloud.next().text()).isEqualTo("hi");
        socket.abort();
        get(atCloud.end);
    }

    // What a peer announces must cost no memory.
    @Test
    void frameThatIsTooLargeIsRefusedAtItsFirstByte() throws Exception {
        TunnelPort port = listen();
        try (Socket socket = cloud.tls().context().getSocketFactory().createSocket("127.0.0.1", port.port())) {
            socket.setSoTimeout(30_000);
            OutputStream out = socket.getOutputStream();
            out.write(
                    ("GET /v1/kubeedge/connect HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            get(accepted);

            String twoMebibytes = "0000000000200000";
            out.write(HexFormat.of().parseHex("82ff" + twoMebibytes + "00000000" + "aa"));

            InputStream in = socket.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            byte[] answer = in.readNBytes(4);
            assertThat(answer[0] & 0xff).as("a close frame").isEqualTo(0x88);
            assertThat(ByteBuffer.wrap(answer).getShort(2)).as("its code").isEqualTo((short) 1009);
        }
    }

    private static byte[] bytes(ByteBuffer from) {
        byte[] bytes = new byte[from.remaining()];
        from.get(bytes);
        return bytes;
    }
}
