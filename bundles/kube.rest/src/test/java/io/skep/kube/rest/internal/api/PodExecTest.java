package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Commands over bare TLS sockets: what matters is each byte. */
class PodExecTest extends OnPodStreams {

    private static final String EXEC = "/api/v1/namespaces/default/pods/web/exec";
    private static final String[] SPDY = {
        "Connection: Upgrade",
        "Upgrade: SPDY/3.1",
        "X-Stream-Protocol-Version: v4.channel.k8s.io",
        "X-Stream-Protocol-Version: v3.channel.k8s.io",
        "User-Agent: kubectl/v1.20.2",
        "Cookie: none of kubelet's business"
    };
    private static final String SWITCHED =
            "HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nX-Odd:  spaced\r\nUpgrade: SPDY/3.1\r\n\r\n";

    private Socket ask(String method, String query, String... headers) throws Exception {
        Socket socket = api.secureSocket();
        socket.getOutputStream().write(api.raw(method, EXEC + query, headers));
        return socket;
    }

    private static String read(Socket socket, int bytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
    }

    private void assertRefused(String query, String[] headers, int code, String message) throws Exception {
        try (Socket socket = ask("POST", query, headers)) {
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            while (!answer.toString().endsWith("\"code\":" + code + "}")) {
                int next = in.read();
                assertThat(next).as(answer.toString()).isNotNegative();
                answer.append((char) next);
            }
            assertThat(answer.toString()).startsWith("HTTP/1.1 " + code).contains("\"message\":\"" + message);
        }
    }

    @Test
    void kubeletIsAskedWhatTheClientAsksInItsOwnWords() throws Exception {
        pod("edge-1", List.of("app"));
        try (Socket socket = ask(
                "POST",
                "?command=sh&command=-c&command=echo+a%26b&container=app&stdin=true&stdout=true&stderr=false&tty=true",
                SPDY)) {
            FakeStreams.Opened stream = streams.next();

            assertThat(stream.node).isEqualTo("edge-1");
            assertThat(stream.request.method()).isEqualTo("POST");
            assertThat(stream.request.path()).isEqualTo("/exec/default/web/app");
            assertThat(stream.request.query())
                    .isEqualTo("command=sh&command=-c&command=echo+a%26b&input=1&output=1&tty=1");
            assertThat(stream.request.headers())
                    .isEqualTo(Map.of(
                            "Connection", List.of("Upgrade"),
                            "Upgrade", List.of("SPDY/3.1"),
                            "X-Stream-Protocol-Version", List.of("v4.channel.k8s.io", "v3.channel.k8s.io"),
                            "User-Agent", List.of("kubectl/v1.20.2")));
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void webSocketsOwnHeadersGoAlongWithoutAToken() throws Exception {
        pod("edge-1", List.of("app"));
        try (Socket socket = ask(
                "GET",
                "?command=ls&stdout=true",
                "Connection: keep-alive, Upgrade",
                "Upgrade: websocket",
                "sec-websocket-key: AAAA",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Protocol: base64url.bearer.authorization.k8s.io.c2VjcmV0, v5.channel.k8s.io")) {
            FakeStreams.Opened stream = streams.next();

            assertThat(stream.request.method()).isEqualTo("GET");
            assertThat(stream.request.headers())
                    .containsEntry("Sec-Websocket-Key", List.of("AAAA"))
                    .containsEntry("Sec-Websocket-Version", List.of("13"))
                    .containsEntry("Sec-Websocket-Protocol", List.of("v5.channel.k8s.io"))
                    .containsEntry("Connection", List.of("keep-alive, Upgrade"));
            assertThat(socket.isConnected()).isTrue();
        }
    }

    @Test
    void bytesPassBothWaysAsTheyAreTheNodesResponseFirst() throws Exception {
        pod("edge-1", List.of("app"));
        try (Socket socket = ask("POST", "?command=cat&stdin=true", SPDY)) {
            FakeStreams.Opened stream = streams.next();
            stream.say(SWITCHED);
            assertThat(read(socket, SWITCHED.length())).isEqualTo(SWITCHED);

            byte[] all = new byte[70_000];
            for (int i = 0; i < all.length; i++) {
                all[i] = (byte) i;
            }
            String text = new String(all, StandardCharsets.ISO_8859_1);
            socket.getOutputStream().write(all);
            assertThat(stream.heard(all.length)).isEqualTo(text);
            stream.say(all);
            assertThat(read(socket, all.length)).isEqualTo(text);

            stream.end();
            assertThat(socket.getInputStream().read()).isNegative();
        }
    }

    @Test
    void refusalOfTheNodeReachesTheClientAndTheConnectionEnds() throws Exception {
        pod("edge-1", List.of("app"));
        String refusal = "HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nforbidden";
        try (Socket socket = ask("GET", "?command=ls", "Connection: Upgrade", "Upgrade: websocket")) {
            FakeStreams.Opened stream = streams.next();
            stream.say(refusal);
            stream.end();

            assertThat(socket.getInputStream().readAllBytes()).asString().isEqualTo(refusal);
        }
    }

    @Test
    void clientThatLeavesEndsTheCommandsStream() throws Exception {
        pod("edge-1", List.of("app"));
        Socket socket = ask("POST", "?command=sleep", SPDY);
        FakeStreams.Opened stream = streams.next();
        stream.say(SWITCHED);
        read(socket, SWITCHED.length());

        socket.close();

        stream.awaitClosed();
    }

    @Test
    void whatTheNodeEndsClosesEvenAClientThatStays() throws Exception {
        pod("edge-1", List.of("app"));
        try (Socket socket = ask("POST", "?command=sleep", SPDY)) {
            FakeStreams.Opened stream = streams.next();
            stream.say(SWITCHED);
            stream.fail("the tunnel was lost");

            assertThat(read(socket, SWITCHED.length() + 1)).isEqualTo(SWITCHED);
            stream.awaitClosed();
        }
    }

    @Test
    void silentCommandOutlivesTheIdleTimeoutOfHttp() throws Exception {
        pod("edge-1", List.of("app"));
        api.idleTimeout(2_000);
        try (Socket socket = ask("POST", "?command=sleep", SPDY)) {
            FakeStreams.Opened stream = streams.next();
            stream.say(SWITCHED);
            api.awaitIdleTimeouts();
            stream.say("still here");

            assertThat(read(socket, SWITCHED.length() + 10)).isEqualTo(SWITCHED + "still here");
        }
    }

    @Test
    void whatCanBeRefusedHereIsAStatus() throws Exception {
        assertRefused("?command=ls", SPDY, 404, "pods \\\"web\\\" not found");
        pod("edge-1", List.of("a", "b"));
        assertRefused("?command=ls", SPDY, 400, "a container name must be specified for pod web, choose one of: [a b]");
        assertRefused("?command=ls&container=c", SPDY, 400, "container c is not valid for pod web");
        assertRefused("?command=ls&container=a", new String[0], 400, "Upgrade request required");
        streams.refusal = Optional.of(Status.of(Status.SERVICE_UNAVAILABLE, 503, "node edge-1 has no tunnel"));
        assertRefused("?command=ls&container=a", SPDY, 503, "node edge-1 has no tunnel");
    }

    @Test
    void podWithoutANodeRunsNothing() throws Exception {
        pod("", List.of("app"));

        assertRefused("?command=ls", SPDY, 400, "pod web does not have a host assigned");
    }

    @Test
    void otherMethodsAreNotAllowed() throws Exception {
        pod("edge-1", List.of("app"));

        HttpResponse<String> response = api.send("DELETE", EXEC, "", "");

        assertThat(response.statusCode()).isEqualTo(405);
    }
}
