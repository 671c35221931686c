package io.skep.edgestream.internal;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.Execution;
import io.skep.runtime.api.FakeSession;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;

/** A client that runs a command in a container through the tunnel, and speaks its protocol over the stream. */
abstract class ExecFixture extends NodeFixture {

    static final String ALL = "command=sh&command=-c&command=a+b&input=1&output=1&error=1";
    static final Map<String, List<String>> SPDY = Map.of(
            "Connection",
            List.of("Upgrade"),
            "Upgrade",
            List.of("SPDY/3.1"),
            "X-Stream-Protocol-Version",
            List.of("v4.channel.k8s.io", "v3.channel.k8s.io"));

    final AtomicReference<ExecRequest> asked = new AtomicReference<>();
    EmbeddedChannel client;
    long id;

    @BeforeEach
    void connectToARunningContainer() throws Exception {
        container("app", 0);
        connect();
    }

    static Map<String, List<String>> webSocket(String protocol) {
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

    void runs(Execution execution) {
        runtime.onSession((any, request) -> {
            asked.set(request);
            return execution;
        });
    }

    void says(int exitCode, String stdout, String stderr) {
        runtime.onSession((any, request) -> {
            asked.set(request);
            return new FakeSession(request, new ExecResult(exitCode, stdout, stderr));
        });
    }

    /** Asks, and reads up to the end of the answer's head. */
    String exec(String path, String query, Map<String, List<String>> headers) throws InterruptedException {
        id = cloud.ask(Type.EXEC, "/exec/" + path, query, headers);
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append(new String(cloud.next(id).data(), StandardCharsets.ISO_8859_1));
        }
        int end = head.indexOf("\r\n\r\n") + 4;
        client.writeInbound(Unpooled.wrappedBuffer(head.substring(end).getBytes(StandardCharsets.ISO_8859_1)));
        return head.substring(0, end);
    }

    void say(Object frame) {
        client.writeOutbound(frame);
        for (ByteBuf part = client.readOutbound(); part != null; part = client.readOutbound()) {
            cloud.send(TunnelFrame.data(id, ByteBufUtil.getBytes(part)));
        }
    }

    /** The next frame; null at the stream's end. */
    Object hear() throws InterruptedException {
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
}
