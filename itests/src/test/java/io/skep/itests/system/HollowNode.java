package io.skep.itests.system;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
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
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A node without pods: KubeEdge's enrolment and wire, spoken with the JDK's own HTTP client. */
public final class HollowNode implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String PROJECT = "e632aba927ea4ac2b575ec1603d56f10";
    private static final DateTimeFormatter MICRO =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final String name;
    private final RunningRole cloud;
    private final Map<String, CompletableFuture<Message>> asked = new ConcurrentHashMap<>();
    private volatile WebSocket socket;
    private volatile boolean open;
    private volatile boolean registered;

    public HollowNode(String name, RunningRole cloud) {
        this.name = name;
        this.cloud = cloud;
    }

    /** Whether its link is open. */
    public boolean connected() {
        return open;
    }

    /** Does what a node does when it comes for the first time; answers whether the cloud took it. */
    public boolean joinAndRegister(String token) throws IOException, InterruptedException {
        connect(enrol(JoinToken.parse(token)));
        String now = MICRO.format(Instant.now());
        Message node = ask("edged", "default/node/" + name, Operation.INSERT, node(now));
        Message lease = ask("edged", "kube-node-lease/lease/" + name, Operation.INSERT, lease(now));
        registered = !node.isError() && !lease.isError();
        return registered;
    }

    /** Says that it is alive: a node is disconnected without keepalive for 30 s, and lost without its lease for 40 s. */
    public void renew() {
        if (!registered) {
            return;
        }
        try {
            Route alive = Route.of("edgehub", "resource", Operation.KEEPALIVE, "node");
            socket.sendText(MessageCodec.encode(Message.of(alive, new Content.Json("\"ping\""))), true)
                    .join();
            ask("edged", "kube-node-lease/lease/" + name, Operation.UPDATE, lease(MICRO.format(Instant.now())));
        } catch (IOException e) {
            open = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private ClientTls enrol(JoinToken token) throws IOException, InterruptedException {
        byte[] der = door(ClientTls.trustingAll(), request("/ca.crt").GET().build());
        token.verifyAuthority(der);
        X509Certificate authority = Der.certificate(der);
        KeyPair keys = Der.newKeys();
        HttpRequest request = request("/edge.crt")
                .method("GET", HttpRequest.BodyPublishers.ofByteArray(CertificateRequest.forNode(name, keys)))
                .header("NodeName", name)
                .header("Authorization", "Bearer " + token.bearer())
                .build();
        X509Certificate own = Der.certificate(door(new ClientTls(List.of(authority), Optional.empty()), request));
        return new ClientTls(List.of(authority), Optional.of(new Identity(keys.getPrivate(), List.of(own))));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + cloud.enrolmentPort() + path))
                .timeout(LIMIT);
    }

    private static byte[] door(ClientTls tls, HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client(tls).send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answered " + response.statusCode() + ": "
                    + new String(response.body(), java.nio.charset.StandardCharsets.UTF_8));
        }
        return response.body();
    }

    private static HttpClient client(ClientTls tls) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(LIMIT)
                .sslContext(tls.context())
                .build();
    }

    private void connect(ClientTls tls) {
        socket = client(tls)
                .newWebSocketBuilder()
                .header("node_id", name)
                .header("project_id", PROJECT)
                .header("ConnectionUse", "msg")
                .connectTimeout(LIMIT)
                .buildAsync(
                        URI.create("wss://127.0.0.1:" + cloud.hubPort() + "/" + PROJECT + "/" + name + "/events"),
                        new Replies())
                .join();
        open = true;
    }

    private final class Replies implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                Message message = MessageCodec.decode(text.toString());
                text.setLength(0);
                Optional.ofNullable(asked.remove(message.parentId())).ifPresent(a -> a.complete(message));
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int status, String reason) {
            open = false;
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            open = false;
        }
    }

    private Message ask(String source, String resource, String operation, String json)
            throws IOException, InterruptedException {
        Message message = Message.of(Route.of(source, "resource", operation, resource), new Content.Json(json));
        CompletableFuture<Message> answer = new CompletableFuture<>();
        asked.put(message.id(), answer);
        socket.sendText(MessageCodec.encode(message), true).join();
        try {
            return answer.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("no answer for " + resource, e);
        }
    }

    private String node(String now) {
        return """
                {"metadata": {"name": "%1$s", "labels": {"node-role.kubernetes.io/edge": ""}},
                 "spec": {},
                 "status": {
                   "conditions": [{"type": "Ready", "status": "True", "reason": "EdgeReady", "message": "hollow",
                     "lastHeartbeatTime": "%2$s", "lastTransitionTime": "%2$s"}],
                   "addresses": [{"type": "InternalIP", "address": "127.0.0.1"}],
                   "nodeInfo": {"kubeletVersion": "hollow", "architecture": "amd64", "bootID": "", "kernelVersion": "",
                     "machineID": "", "systemUUID": "", "osImage": "", "containerRuntimeVersion": "",
                     "kubeProxyVersion": "", "operatingSystem": "linux"}}}""".formatted(name, now.substring(0, 19) + "Z");
    }

    private String lease(String now) {
        return """
                {"metadata": {"name": "%1$s", "namespace": "kube-node-lease"},
                 "spec": {"holderIdentity": "%1$s", "leaseDurationSeconds": 40, "renewTime": "%2$s"}}""".formatted(name, now);
    }

    @Override
    public void close() {
        WebSocket current = socket;
        if (current != null) {
            current.abort();
        }
    }
}
