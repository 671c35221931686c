package io.skep.itests.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.Pem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The Kubernetes API over HTTPS, as the admin of its kubeconfig. */
public final class KubeClient {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final HttpClient client;
    private final String server;

    private KubeClient(HttpClient client, String server) {
        this.client = client;
        this.server = server;
    }

    static KubeClient of(Path kubeconfig) {
        try {
            JsonNode config = YAML.readTree(kubeconfig.toFile());
            JsonNode cluster = config.at("/clusters/0/cluster");
            JsonNode user = config.at("/users/0/user");
            Identity admin = new Identity(
                    Pem.privateKey(pem(user, "client-key-data")),
                    Pem.certificates(pem(user, "client-certificate-data")));
            ClientTls tls =
                    new ClientTls(Pem.certificates(pem(cluster, "certificate-authority-data")), Optional.of(admin));
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(10))
                    .sslContext(tls.context())
                    .build();
            return new KubeClient(client, cluster.path("server").asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pem(JsonNode node, String key) {
        return new String(Base64.getDecoder().decode(node.path(key).asText()), StandardCharsets.US_ASCII);
    }

    /** An object from its JSON or YAML. */
    public static ObjectNode object(String text) {
        try {
            return (ObjectNode) YAML.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The object; empty when there is none. */
    public Optional<JsonNode> get(String path) {
        HttpResponse<String> response = send("GET", path, "", "");
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(checked(response, path));
    }

    /** The objects of a collection. */
    public List<JsonNode> list(String path) {
        return get(path).map(l -> (Iterable<JsonNode>) l.path("items")).stream()
                .flatMap(items -> java.util.stream.StreamSupport.stream(items.spliterator(), false))
                .toList();
    }

    /** Creates an object. */
    public JsonNode create(String collection, JsonNode object) {
        return checked(send("POST", collection, "application/json", object.toString()), collection);
    }

    /** Merges {@code patch} into an object. */
    public JsonNode merge(String path, String patch) {
        String json = object(patch).toString();
        return checked(send("PATCH", path, "application/merge-patch+json", json), path);
    }

    /** Deletes an object. */
    public void delete(String path) {
        checked(send("DELETE", path, "", ""), path);
    }

    /** Opens a WebSocket; {@code listener} hears what comes. */
    public WebSocket socket(String path, String subprotocol, WebSocket.Listener listener) {
        return client.newWebSocketBuilder()
                .subprotocols(subprotocol)
                .buildAsync(URI.create("wss" + server.substring("https".length()) + path), listener)
                .join();
    }

    /** Creates a pod of one process that is bound to {@code node} and runs {@code script}. */
    public void createPod(String name, String node, String script) {
        create("/api/v1/namespaces/default/pods", object("""
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: %s, namespace: default}
                        spec:
                          nodeName: %s
                          hostNetwork: true
                          runtimeClassName: process
                          terminationGracePeriodSeconds: 1
                          containers:
                            - name: main
                              image: none
                              command: ["/bin/sh", "-c", "%s"]
                        """.formatted(name, node, script)));
    }

    /** Whether a node is Ready. */
    public boolean nodeReady(String node) {
        return get("/api/v1/nodes/" + node)
                .filter(n -> condition(n, "Ready").equals("True"))
                .isPresent();
    }

    /** Whether a node is Ready and has renewed its lease after {@code moment}. */
    public boolean nodeReadySince(String node, Instant moment) {
        return nodeReady(node)
                && get("/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/" + node)
                        .map(l -> Instant.parse(l.at("/spec/renewTime").asText()))
                        .filter(moment::isBefore)
                        .isPresent();
    }

    /** Whether a pod of the default namespace runs and is Ready. */
    public boolean podReady(String pod) {
        return get("/api/v1/namespaces/default/pods/" + pod)
                .filter(p -> p.at("/status/phase").asText().equals("Running")
                        && condition(p, "Ready").equals("True"))
                .isPresent();
    }

    /** The status of a condition; {@code ""} when it is not there. */
    public static String condition(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    /** The token nodes join with. */
    public String token() {
        String path = "/api/v1/namespaces/kubeedge/secrets/tokensecret";
        JsonNode secret = get(path).orElseThrow(() -> new AssertionError("the cloud has no join token"));
        byte[] text = Base64.getDecoder().decode(secret.at("/data/tokendata").asText());
        return new String(text, StandardCharsets.UTF_8).strip();
    }

    private HttpResponse<String> send(String method, String path, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(Duration.ofSeconds(60))
                .header("Accept", "application/json")
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException("the API at " + server + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static JsonNode checked(HttpResponse<String> response, String path) {
        try {
            if (response.statusCode() >= 300) {
                throw new AssertionError(response.statusCode() + " for " + path + ": " + response.body());
            }
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
