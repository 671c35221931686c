package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.Execution;
import io.skep.runtime.api.FakeSession;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EdgeStreamExecTest extends NodeFixture {

    private static final String ALL = "command=sh&command=-c&command=a+b&input=1&output=1&error=1";
    private static final Map<String, List<String>> SPDY = Map.of(
            "Connection",
            List.of("Upgrade"),
            "Upgrade",
            List.of("SPDY/3.1"),
            "X-Stream-Protocol-Version",
            List.of("v4.channel.k8s.io", "v3.channel.k8s.io"));

    private final AtomicReference<ExecRequest> asked = new AtomicReference<>();
    private EmbeddedChannel client;
    private long id;

    @BeforeEach
    void connectToARunningContainer() throws Exception {
        container("app", 0);
        connect();
    }

    private static Map<String, List<String>> webSocket(String protocol) {
        return Map.of(
                "Connection",
                List.of("Upgrade"),
                "Upgrade",
                List.of("websocket"),
                "Sec-WebSocket-Version",
                List.of("13"),
                "Sec-WebSocket-Key",
                List.of("dGhlIHNhbXBsZSBub25jZQ=="),
                "Sec-WebSocket-Protocol",
                List.of(protocol));
    }

    private void runs(Execution execution) {
        runtime.onSession((any, request) -> {
            asked.set(request);
            return execution;
        });
    }

    private void says(int exitCode, String stdout, String stderr) {
        runtime.onSession((any, request) -> {
            asked.set(request);
            return new FakeSession(request, new ExecResult(exitCode, stdout, stderr));
        });
    }

    /** Asks, and reads up to the end of the answer's head. */
    private String exec(String path, String query, Map<String, List<String>> headers) throws InterruptedException {
        id = cloud.ask(Type.EXEC, "/exec/" + path, query, headers);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(new String(cloud.next(id).data(), StandardCharsets.ISO_8859_1));
        }
        int end = head.indexOf("\r\n\r\n") + 4;
        client.writeInbound(Unpooled.wrappedBuffer(head.substring(end).getBytes(StandardCharsets.ISO_8859_1)));
        return head.substring(0, end);
    }

    private void say(Object frame) {
        client.writeOutbound(frame);
        for (ByteBuf part = client.readOutbound(); part != null; part = client.readOutbound()) {
            cloud.send(TunnelFrame.data(id, ByteBufUtil.getBytes(part)));
        }
    }

    /** The next frame; null at the stream's end. */
    private Object hear() throws InterruptedException {
        Object frame = client.readInbound();
        while (frame == null) {
            TunnelFrame next = cloud.next(id);
            if (next.type() != Type.DATA) {
                return null;
            }
            client.writeInbound(Unpooled.wrappedBuffer(next.data()));
            frame = client.readInbound();
        }
        return frame;
    }

    // ---- SPDY

    private String spdy(String query, String... types) throws InterruptedException {
        client = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
        String head = exec("default/web/app", query, SPDY);
        for (int i = 0; i < types.length; i++) {
            DefaultSpdySynStreamFrame open = new DefaultSpdySynStreamFrame(1 + 2 * i, 0, (byte) 0);
            open.headers().set("streamtype", types[i]);
            say(open);
        }
        return head;
    }

    /** What came on SPDY stream {@code wanted} until all is over. */
    private Map<Integer, String> rest() throws InterruptedException {
        Map<Integer, String> all = new java.util.TreeMap<>();
        for (Object frame = hear(); frame != null; frame = hear()) {
            if (frame instanceof SpdyDataFrame data) {
                all.merge(data.streamId(), data.content().toString(StandardCharsets.UTF_8), String::concat);
            }
        }
        return all;
    }

    @Test
    void spdyClientGetsOutputAndExitCode() throws Exception {
        says(3, "out\n", "err\n");

        String head = spdy(ALL, "error", "stdin", "stdout", "stderr");

        assertThat(head)
                .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                .containsIgnoringCase("upgrade: SPDY/3.1\r\n")
                .containsIgnoringCase("x-stream-protocol-version: v4.channel.k8s.io\r\n");
        Map<Integer, String> all = rest();
        assertThat(all).containsEntry(5, "out\n").containsEntry(7, "err\n");
        assertThat(all.get(1))
                .contains("\"status\":\"Failure\"")
                .contains("\"reason\":\"NonZeroExitCode\"")
                .contains("\"reason\":\"ExitCode\"")
                .contains("\"message\":\"3\"");
        assertThat(asked.get()).isEqualTo(new ExecRequest(List.of("sh", "-c", "a b"), true, true, true, false));
        Eventually.holds("nothing is left", () -> figure("skep_tunnel_streams") == 0);
    }

    /** Go's spdystream reads a header block from each reply; Netty writes none where there is no header. */
    @Test
    void eachReplyToAnOpenedStreamHasAHeaderBlock() throws Exception {
        runs(FakeSession.cat());

        spdy(ALL, "error", "stdin", "stdout", "stderr");

        for (int i = 0; i < 4; i++) {
            assertThat(hear())
                    .isInstanceOfSatisfying(
                            SpdySynReplyFrame.class,
                            reply -> assertThat(reply.headers().isEmpty()).isFalse());
        }
    }

    @Test
    void spdyClientSpeaksToTheCommandUntilItClosesItsInput() throws Exception {
        FakeSession cat = FakeSession.cat();
        runs(cat);
        spdy(ALL, "error", "stdin", "stdout", "stderr");
        String big = "x".repeat(300_000);

        say(new DefaultSpdyPingFrame(1));
        say(new DefaultSpdyDataFrame(3, Unpooled.copiedBuffer(big, StandardCharsets.UTF_8)));
        DefaultSpdyDataFrame last = new DefaultSpdyDataFrame(3);
        last.setLast(true);
        say(last);

        StringBuilder out = new StringBuilder();
        boolean pinged = false;
        String status = "";
        for (Object frame = hear(); frame != null; frame = hear()) {
            pinged |= frame instanceof SpdyPingFrame;
            if (frame instanceof SpdyDataFrame data && data.streamId() == 5) {
                out.append(data.content().toString(StandardCharsets.UTF_8));
            } else if (frame instanceof SpdyDataFrame data && data.streamId() == 1) {
                status += data.content().toString(StandardCharsets.UTF_8);
            }
        }
        assertThat(pinged).isTrue();
        assertThat(out.toString()).isEqualTo(big);
        assertThat(status).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
    }

    @Test
    void terminalIsResizedAndHasNoStderr() throws Exception {
        FakeSession shell = FakeSession.cat();
        runs(shell);
        spdy(ALL + "&tty=1", "error", "stdin", "stdout", "resize");

        say(new DefaultSpdyDataFrame(
                7, Unpooled.copiedBuffer("{\"Width\":120,\"Height\":40}\n", StandardCharsets.UTF_8)));

        Eventually.holds("it is resized", () -> shell.sizes().equals(List.of("120x40")));
        assertThat(asked.get().tty()).isTrue();
        assertThat(asked.get().stderr()).isFalse();
    }

    @Test
    void abortedCallKillsTheCommand() throws Exception {
        FakeSession endless = FakeSession.endless();
        runs(endless);
        spdy(ALL, "error", "stdin", "stdout", "stderr");

        cloud.send(TunnelFrame.remove(id));

        Eventually.holds("it is killed", endless::over);
        Eventually.holds("its threads rest", EdgeStreamExecTest::noThreadIsInACommand);
        assertThat(figure("skep_tunnel_streams")).isZero();
    }

    // CloudCore says that its client is gone without a pause, for good, until it hears so from the node.
    @Test
    void cloudHearsOnceThatTheCallItAbortedHasEnded() throws Exception {
        runs(FakeSession.cat());
        spdy(ALL, "error", "stdin", "stdout", "stderr");

        for (int i = 0; i < 3; i++) {
            cloud.send(TunnelFrame.remove(id));
        }

        TunnelFrame.Type last = Type.DATA;
        while (last == Type.DATA) {
            last = cloud.next(id).type();
        }
        assertThat(last).isEqualTo(Type.REMOVE);
        cloud.all(cloud.askLogs("default/web/none", ""));
        assertThat(cloud.quiet(id)).isTrue();
    }

    private static boolean noThreadIsInACommand() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(e -> e.getKey().getName().startsWith("edge-exec-"))
                .allMatch(e -> List.of(e.getValue()).stream()
                        .noneMatch(f -> f.getClassName().startsWith("io.skep")));
    }

    @Test
    void moduleThatStopsKillsTheCommand() throws Exception {
        FakeSession endless = FakeSession.endless();
        runs(endless);
        spdy(ALL, "error", "stdin", "stdout", "stderr");

        on(() -> module.stop());

        Eventually.holds("it is killed", endless::over);
    }

    // ---- WebSocket

    private String webSocketClient(String protocol, String query) throws InterruptedException {
        client = new EmbeddedChannel(
                new WebSocket13FrameDecoder(false, false, 1 << 20), new WebSocket13FrameEncoder(true));
        return exec("default/web/uid-1/app", query, webSocket(protocol));
    }

    private static Object channel(int stream, String text) {
        return new BinaryWebSocketFrame(
                Unpooled.wrappedBuffer(new byte[] {(byte) stream}, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void webSocketClientGetsOutputAndExitCode() throws Exception {
        says(7, "out\n", "err\n");

        String head = webSocketClient("v4.channel.k8s.io", ALL);

        assertThat(head)
                .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                .containsIgnoringCase("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
                .containsIgnoringCase("sec-websocket-protocol: v4.channel.k8s.io\r\n");
        StringBuilder all = new StringBuilder();
        boolean closed = false;
        for (Object frame = hear(); frame != null; frame = hear()) {
            closed |= frame instanceof CloseWebSocketFrame;
            if (frame instanceof BinaryWebSocketFrame message) {
                byte[] bytes = ByteBufUtil.getBytes(message.content());
                all.append(bytes[0]).append(new String(bytes, 1, bytes.length - 1, StandardCharsets.UTF_8));
            }
        }
        assertThat(all.toString()).contains("1out\n", "2err\n", "\"reason\":\"ExitCode\"", "\"message\":\"7\"");
        assertThat(closed).isTrue();
    }

    @Test
    void webSocketClientOfVersionFiveClosesItsInput() throws Exception {
        runs(FakeSession.cat());
        webSocketClient("v5.channel.k8s.io", ALL);

        say(new PingWebSocketFrame(Unpooled.copiedBuffer("there?", StandardCharsets.UTF_8)));
        say(channel(0, "hello"));
        say(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {(byte) 255, 0})));

        StringBuilder out = new StringBuilder();
        boolean answered = false;
        for (Object frame = hear(); frame != null; frame = hear()) {
            answered |= frame instanceof PongWebSocketFrame;
            if (frame instanceof BinaryWebSocketFrame message
                    && message.content().getByte(0) == 1) {
                out.append(message.content().toString(StandardCharsets.UTF_8).substring(1));
            }
        }
        assertThat(answered).isTrue();
        assertThat(out.toString()).isEqualTo("hello");
    }

    // ---- refusals

    private String refused(String path, String query, Map<String, List<String>> headers) throws InterruptedException {
        return cloud.all(cloud.ask(Type.EXEC, "/exec/" + path, query, headers));
    }

    @Test
    void whatCannotBeRunIsRefusedAsKubeletDoes() throws Exception {
        assertThat(refused("default/web/no-such", ALL, SPDY))
                .startsWith("HTTP/1.1 404 Not Found\r\n")
                .endsWith("container \"no-such\" not found in pod \"web\"");
        assertThat(refused("default/web/another-uid/app", ALL, SPDY)).startsWith("HTTP/1.1 404 ");
        assertThat(refused("default/web/app", "command=ls", SPDY)).startsWith("HTTP/1.1 400 ");
        assertThat(refused("default/web/app", "output=1", SPDY)).startsWith("HTTP/1.1 400 ");
        assertThat(refused("default/web/app", ALL, Map.of())).startsWith("HTTP/1.1 400 ");
        assertThat(refused("default/web/app", ALL, webSocket("v1.channel.k8s.io")))
                .startsWith("HTTP/1.1 403 ");
    }

    // ---- the engine's own door

    @Test
    void inputForADoorThatDoesNotOpenHoldsNoOtherStreamBack() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        runs(new Execution.Served(URI.create("http://127.0.0.1:" + nobody + "/exec/TOKEN")));
        long first = cloud.ask(Type.EXEC, "/exec/default/web/app", ALL, SPDY);
        cloud.send(TunnelFrame.data(first, "early".getBytes(StandardCharsets.UTF_8)));
        assertThat(new String(cloud.next(first).data(), StandardCharsets.ISO_8859_1))
                .startsWith("HTTP/1.1 502");

        long second = cloud.ask(Type.EXEC, "/exec/default/web/app", ALL, SPDY);

        assertThat(new String(cloud.next(second).data(), StandardCharsets.ISO_8859_1))
                .startsWith("HTTP/1.1 502");
    }

    @Test
    void requestAndBytesPassToAnEngineThatServesItself() throws Exception {
        try (ServerSocket engine = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            runs(new Execution.Served(URI.create("http://127.0.0.1:" + engine.getLocalPort() + "/exec/TOKEN?once=1")));
            id = cloud.ask(Type.EXEC, "/exec/default/web/app", ALL, SPDY);
            try (Socket line = engine.accept()) {
                String request = head(line.getInputStream());
                assertThat(request)
                        .startsWith("POST /exec/TOKEN?once=1 HTTP/1.1\r\n")
                        .containsIgnoringCase("host: 127.0.0.1:" + engine.getLocalPort())
                        .containsIgnoringCase("upgrade: SPDY/3.1\r\n")
                        .containsIgnoringCase("x-stream-protocol-version: v3.channel.k8s.io\r\n");

                line.getOutputStream().write("raw answer".getBytes(StandardCharsets.UTF_8));
                assertThat(cloud.next(id).text()).isEqualTo("raw answer");
                cloud.send(TunnelFrame.data(id, "raw input".getBytes(StandardCharsets.UTF_8)));
                assertThat(new String(line.getInputStream().readNBytes(9), StandardCharsets.UTF_8))
                        .isEqualTo("raw input");
            }
            assertThat(cloud.next(id).type()).isEqualTo(Type.REMOVE);
        }
    }

    @Test
    void abortedCallClosesTheLineToTheEngine() throws Exception {
        try (ServerSocket engine = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            runs(new Execution.Served(URI.create("http://127.0.0.1:" + engine.getLocalPort() + "/exec/TOKEN")));
            id = cloud.ask(Type.EXEC, "/exec/default/web/app", ALL, SPDY);
            try (Socket line = engine.accept()) {
                head(line.getInputStream());

                cloud.send(TunnelFrame.remove(id));

                assertThat(line.getInputStream().read()).isNegative();
            }
        }
    }

    private static String head(InputStream in) throws Exception {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            head.write(in.read());
        }
        return head.toString(StandardCharsets.UTF_8);
    }
}
