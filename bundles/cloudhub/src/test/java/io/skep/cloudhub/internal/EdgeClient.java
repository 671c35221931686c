package io.skep.cloudhub.internal;

import io.skep.core.api.message.Message;
import io.skep.transport.MessageCodec;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.JoinToken;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node written with nothing but the JDK: joins as EdgeCore does and speaks the wire. */
final class EdgeClient implements WebSocket.Listener {

    private final String node;
    private final BlockingQueue<Message> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private WebSocket socket;

    private EdgeClient(String node) {
        this.node = node;
    }

    /** Joins: fetches the authority, checks it against the token, has a certificate signed. */
    static Identity enrol(int port, JoinToken token, String node) throws IOException, InterruptedException {
        byte[] authority = fetchAuthority(port);
        token.verifyAuthority(authority);
        KeyPair keys = Der.newKeys();
        HttpRequest request = HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/edge.crt"))
                .header("NodeName", node)
                .header("Authorization", "Bearer " + token.bearer())
                .method("GET", HttpRequest.BodyPublishers.ofByteArray(CertificateRequest.forNode(node, keys)))
                .build();
        HttpResponse<byte[]> answer = HttpClient.newBuilder()
                .sslContext(new ClientTls(List.of(Der.certificate(authority)), Optional.empty()).context())
                .build()
                .send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + new String(answer.body(), "UTF-8"));
        }
        return new Identity(keys.getPrivate(), List.of(Der.certificate(answer.body())));
    }

    static byte[] fetchAuthority(int port) throws IOException, InterruptedException {
        return HttpClient.newBuilder()
                .sslContext(ClientTls.trustingAll().context())
                .build()
                .send(
                        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/ca.crt"))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray())
                .body();
    }

    /** Connects; a refusal is thrown with the peer's status in its text. */
    static EdgeClient connect(int port, X509Certificate authority, Optional<Identity> identity, String node) {
        EdgeClient client = new EdgeClient(node);
        try {
            client.socket = HttpClient.newBuilder()
                    .sslContext(new ClientTls(List.of(authority), identity).context())
                    .build()
                    .newWebSocketBuilder()
                    .header("node_id", node)
                    .header("project_id", "e632aba927ea4ac2b575ec1603d56f10")
                    .header("ConnectionUse", "msg")
                    .connectTimeout(Duration.ofSeconds(20))
                    .buildAsync(URI.create("wss://127.0.0.1:" + port + "/p/" + node + "/events"), client)
                    .join();
        } catch (CompletionException e) {
            throw new IllegalStateException(String.valueOf(e.getCause()), e);
        }
        return client;
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            received.add(MessageCodec.decode(text.toString()));
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
        closed.complete(reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.complete(String.valueOf(error));
    }

    void send(Message message) {
        raw(MessageCodec.encode(message));
    }

    void raw(String json) {
        socket.sendText(json, true).join();
    }

    Message next() throws InterruptedException {
        Message message = received.poll(20, TimeUnit.SECONDS);
        if (message == null) {
            throw new AssertionError("nothing came for " + node);
        }
        return message;
    }

    /** The answer to a message; what else comes before it is dropped. */
    Message answerTo(Message request) throws InterruptedException {
        Message message = next();
        while (!message.parentId().equals(request.id())) {
            message = next();
        }
        return message;
    }

    String closedBecause() throws Exception {
        return closed.get(20, TimeUnit.SECONDS);
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    void close() {
        socket.abort();
    }
}
