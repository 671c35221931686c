package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameEncoder;
import io.skep.runtime.api.FakeSession;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class WebSocketExecTest extends ExecFixture {

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
}
