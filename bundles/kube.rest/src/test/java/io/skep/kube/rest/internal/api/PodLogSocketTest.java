package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Status;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Logs for those who can't read an answer as it comes, such as browsers. */
class PodLogSocketTest extends OnPodStreams {

    private static final String LOG = "/api/v1/namespaces/default/pods/web/log";
    private static final String[] HANDSHAKE = {
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    };

    @BeforeEach
    void run() {
        pod("edge-1", List.of("app"), List.of(Map.of("name", "app", "state", Map.of("running", Map.of()))));
    }

    /** The client's end: what came, each with its kind, and how it ended. */
    private static final class Client implements WebSocket.Listener {

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final CompletableFuture<String> closed = new CompletableFuture<>();
        private final CompletableFuture<String> pong = new CompletableFuture<>();
        private final StringBuilder partial = new StringBuilder();

        private CompletionStage<?> take(WebSocket socket, String kind, CharSequence data, boolean last) {
            partial.append(data);
            if (last) {
                messages.add(kind + partial);
                partial.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            return take(socket, "text:", data, last);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            return take(socket, "binary:", StandardCharsets.ISO_8859_1.decode(data), last);
        }

        @Override
        public CompletionStage<?> onPong(WebSocket socket, ByteBuffer data) {
            pong.complete(StandardCharsets.ISO_8859_1.decode(data).toString());
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code + ":" + reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.completeExceptionally(error);
        }

        String next() throws InterruptedException {
            return messages.poll(20, TimeUnit.SECONDS);
        }

        String end() throws Exception {
            return get(closed);
        }
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private CompletableFuture<WebSocket> open(Client client, String query, String... protocols) {
        WebSocket.Builder builder = api.client()
                .newWebSocketBuilder()
                .header("Authorization", "Bearer " + api.certificates().adminToken());
        if (protocols.length > 0) {
            builder.subprotocols(
                    protocols[0],
                    List.of(protocols).subList(1, protocols.length).toArray(String[]::new));
        }
        URI uri = api.uri(LOG + query);
        return builder.buildAsync(URI.create("ws" + uri.toString().substring("http".length())), client);
    }

    private void assertRefused(String query, int code, String message, String... protocols) throws Exception {
        HttpResponse<?> response = open(new Client(), query, protocols)
                .handle((socket, failure) -> failure)
                .thenApply(failure -> failure instanceof CompletionException ? failure.getCause() : failure)
                .thenApply(failure -> ((WebSocketHandshakeException) failure).getResponse())
                .get(20, TimeUnit.SECONDS);
        assertThat(response.statusCode()).isEqualTo(code);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(String.valueOf(response.body())).contains(message);
    }

    @Test
    void logComesInBinaryMessagesAfterAnEmptyOneAndTheSocketIsClosedWhenItHasEnded() throws Exception {
        Client client = new Client();
        CompletableFuture<WebSocket> opened = open(client, "?container=app&tailLines=5", "binary.k8s.io");
        FakeStreams.Opened stream = streams.next();
        assertThat(get(opened).getSubprotocol()).isEqualTo("binary.k8s.io");
        assertThat(stream.request.path()).isEqualTo("/containerLogs/default/web/app");
        assertThat(stream.request.query()).isEqualTo("tailLines=5");

        stream.say("one\n");
        stream.say("two\n");
        stream.end();

        assertThat(client.next()).isEqualTo("binary:");
        assertThat(client.next()).isEqualTo("binary:one\n");
        assertThat(client.next()).isEqualTo("binary:two\n");
        assertThat(client.end()).isEqualTo("1000:");
        stream.awaitClosed();
    }

    @Test
    void logForAClientThatNamesNoSubprotocolIsBinaryToo() throws Exception {
        Client client = new Client();
        CompletableFuture<WebSocket> opened = open(client, "");
        FakeStreams.Opened stream = streams.next();
        stream.say("one\n");
        stream.end();

        assertThat(get(opened).getSubprotocol()).isEmpty();
        assertThat(client.next()).isEqualTo("binary:");
        assertThat(client.next()).isEqualTo("binary:one\n");
        assertThat(client.end()).isEqualTo("1000:");
    }

    @Test
    void logComesAsBase64TextWhereThatIsTheFirstKnownSubprotocolOffered() throws Exception {
        Client client = new Client();
        CompletableFuture<WebSocket> opened =
                open(client, "", "v9.unheard.of", "base64.binary.k8s.io", "binary.k8s.io");
        FakeStreams.Opened stream = streams.next();
        byte[] bytes = new byte[100_000];
        bytes[99_999] = (byte) 0xFF;
        stream.say("ö");
        stream.say(bytes);
        stream.end();

        assertThat(get(opened).getSubprotocol()).isEqualTo("base64.binary.k8s.io");
        assertThat(client.next()).isEqualTo("text:");
        assertThat(client.next()).isEqualTo("text:9g==");
        assertThat(client.next()).isEqualTo("text:" + Base64.getEncoder().encodeToString(bytes));
        assertThat(client.end()).isEqualTo("1000:");
    }

    @Test
    void clientThatSpeaksNoKnownSubprotocolIsRefusedAndItsNodeNotAsked() throws Exception {
        assertRefused("", 403, "\"message\":\"none of the WebSocket subprotocols [v9.unheard.of]", "v9.unheard.of");

        assertThat(streams.isQuiet()).isTrue();
    }

    @Test
    void whatIsRefusedWithoutASocketIsRefusedInTheSameWords() throws Exception {
        assertRefused("?container=no", 400, "\"message\":\"container no is not valid for pod web\"", "binary.k8s.io");
        streams.refusal = Optional.of(Status.of(Status.SERVICE_UNAVAILABLE, 503, "no tunnel"));
        assertRefused("", 503, "\"message\":\"no tunnel\"", "binary.k8s.io");
    }

    @Test
    void handshakeOfAnotherVersionOrWithoutAKeyIsRefusedAndItsStreamEnded() throws Exception {
        for (String left : List.of("Sec-WebSocket-Key", "Sec-WebSocket-Version")) {
            try (SSLSocket socket = api.secureSocket()) {
                String[] headers = List.of(HANDSHAKE).stream()
                        .filter(line -> !line.startsWith(left))
                        .toArray(String[]::new);
                socket.getOutputStream().write(api.raw("GET", LOG, headers));

                assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1))
                        .isEqualTo("HTTP/1.1 400");
                streams.next().awaitClosed();
            }
        }
    }

    @Test
    void logThatIsCutIsNotTakenForWhole() throws Exception {
        Client client = new Client();
        open(client, "?follow=true", "binary.k8s.io");
        FakeStreams.Opened stream = streams.next();
        stream.say("one\n");

        stream.fail("the tunnel was lost " + "x".repeat(300));

        assertThat(client.end()).startsWith("1011:the tunnel was lost x");
    }

    @Test
    void clientThatClosesEndsItsStream() throws Exception {
        Client client = new Client();
        WebSocket socket = get(open(client, "?follow=true", "binary.k8s.io"));
        FakeStreams.Opened stream = streams.next();

        socket.sendClose(WebSocket.NORMAL_CLOSURE, "");

        stream.awaitClosed();
        assertThat(client.end()).startsWith("1000:");
    }

    @Test
    void clientThatLeavesAQuietLogEndsItsStream() throws Exception {
        SSLSocket socket = api.secureSocket();
        socket.getOutputStream().write(api.raw("GET", LOG + "?follow=true", HANDSHAKE));
        FakeStreams.Opened stream = streams.next();
        assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1))
                .isEqualTo("HTTP/1.1 101");

        socket.close();

        stream.awaitClosed();
    }

    @Test
    void whatTheClientSendsIsDroppedAndItsPingAnswered() throws Exception {
        Client client = new Client();
        WebSocket socket = get(open(client, "?follow=true", "binary.k8s.io"));
        FakeStreams.Opened stream = streams.next();

        get(socket.sendText("x".repeat(200_000), true));
        get(socket.sendPing(StandardCharsets.ISO_8859_1.encode("there?")));

        assertThat(get(client.pong)).isEqualTo("there?");
        stream.say("one\n");
        assertThat(client.next()).isEqualTo("binary:");
        assertThat(client.next()).isEqualTo("binary:one\n");
        assertThat(stream.heard(0)).isEmpty();
    }

    @Test
    void quietLogOutlivesTheConnectionsIdleTimeout() throws Exception {
        api.idleTimeout(2_000);
        Client client = new Client();
        open(client, "?follow=true", "binary.k8s.io");
        FakeStreams.Opened stream = streams.next();
        stream.say("one\n");
        api.awaitIdleTimeouts();

        stream.end();

        assertThat(client.end()).isEqualTo("1000:");
        assertThat(client.messages).containsExactly("binary:", "binary:one\n");
    }

    @Test
    void clientThatDoesNotAnswerTheCloseIsNotWaitedForForEver() throws Exception {
        try (SSLSocket socket = api.secureSocket()) {
            socket.getOutputStream().write(api.raw("GET", LOG, HANDSHAKE));
            FakeStreams.Opened stream = streams.next();
            stream.end();

            socket.getInputStream().readAllBytes();
            stream.awaitClosed();
        }
    }

    @Test
    void clientThatReadsNothingGetsNoMoreThanItsConnectionHolds() throws Exception {
        try (SSLSocket socket = api.secureSocket()) {
            socket.getOutputStream().write(api.raw("GET", LOG + "?follow=true", HANDSHAKE));
            FakeStreams.Opened stream = streams.next();
            int parts = 0;
            CompletableFuture<Void> taken;
            do {
                taken = stream.listener.received(new byte[64 << 10]).toCompletableFuture();
                parts++;
            } while (parts < 1000 && ends(taken));
            assertThat(parts).isLessThan(1000);

            stream.fail("cut: its reader took nothing");

            get(taken.exceptionally(e -> null));
            stream.awaitClosed();
        }
    }

    /** Whether it does so soon: what fills the connection only waits for it to be carried on. */
    private static boolean ends(CompletableFuture<Void> taken) throws Exception {
        try {
            taken.get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }
}
