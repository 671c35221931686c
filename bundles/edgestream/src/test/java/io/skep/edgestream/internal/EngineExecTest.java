package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.Execution;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exec of a runtime whose engine serves the stream itself: bytes pass as they are. */
@Timeout(120)
class EngineExecTest extends ExecFixture {

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

    // kubectl pings while it reads: over a slow tunnel that is written to an engine that has ended the command and
    // left.
    @Test
    void inputNobodyTakesAnyMoreLeavesWhatTheCommandSaidLast() throws Exception {
        try (ServerSocket engine = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket line = new Socket(InetAddress.getLoopbackAddress(), engine.getLocalPort())) {
            try (Socket door = engine.accept()) {
                door.getOutputStream().write("last words".getBytes(StandardCharsets.UTF_8));
            }
            InputQueue input = new InputQueue(context, line.getOutputStream(), () -> {});
            on(() -> {
                for (int ping = 0; ping < 1000; ping++) {
                    input.add("ping".getBytes(StandardCharsets.UTF_8));
                }
            });

            input.run(); // until a write fails

            assertThat(line.getInputStream().readAllBytes()).asString().isEqualTo("last words");
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
