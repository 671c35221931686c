package io.skep.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The few calls to a Kubernetes API that the demo, the benches and {@code token} need, by a kubeconfig with a token. */
final class KubeApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final HttpClient client;
    private final String server;
    private final String token;

    private KubeApi(HttpClient client, String server, String token) {
        this.client = client;
        this.server = server;
        this.token = token;
    }

    static KubeApi of(Path kubeconfig) {
        try {
            JsonNode config = YAML.readTree(kubeconfig.toFile());
            JsonNode cluster = config.at("/clusters/0/cluster");
            String token = config.at("/users/0/user/token").asText();
            if (token.isEmpty()) {
                throw new LauncherException(kubeconfig + " has no token");
            }
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .sslContext(trust(cluster.path("certificate-authority-data").asText()))
                    .build();
            return new KubeApi(client, cluster.path("server").asText(), token);
        } catch (IOException | GeneralSecurityException e) {
            throw new LauncherException("cannot use " + kubeconfig + ": " + e, e);
        }
    }

    private static SSLContext trust(String authority) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        byte[] pem = Base64.getDecoder().decode(authority);
        trusted.setCertificateEntry(
                "kube", CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem)));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    /** The object, or empty when there is none. */
    Optional<JsonNode> get(String path) {
        HttpResponse<String> response = send("GET", path, "", "");
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(checked(response, path));
    }

    /** Creates the object, or merges it into the one that is there. */
    void apply(JsonNode object) {
        String collection = collection(object);
        HttpResponse<String> response = send("POST", collection, "application/json", object.toString());
        if (response.statusCode() == 409) {
            String path = collection + "/" + object.at("/metadata/name").asText();
            checked(send("PATCH", path, "application/merge-patch+json", object.toString()), path);
        } else {
            checked(response, collection);
        }
    }

    /** Merges {@code patch} into the object at {@code path}. */
    void patch(String path, ObjectNode patch) {
        checked(send("PATCH", path, "application/merge-patch+json", patch.toString()), path);
    }

    /** Deletes; what is gone already is fine. */
    void delete(String path) {
        HttpResponse<String> response = send("DELETE", path, "", "");
        if (response.statusCode() != 404) {
            checked(response, path);
        }
    }

    private static String collection(JsonNode object) {
        String version = object.path("apiVersion").asText();
        String root = version.contains("/") ? "/apis/" + version : "/api/" + version;
        String plural = object.path("kind").asText().toLowerCase(java.util.Locale.ROOT) + "s";
        return root + "/namespaces/" + object.at("/metadata/namespace").asText("default") + "/" + plural;
    }

    private HttpResponse<String> send(String method, String path, String type, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + token)
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
            throw new LauncherException("the API at " + server + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while asking " + server, e);
        }
    }

    private static JsonNode checked(HttpResponse<String> response, String path) {
        try {
            JsonNode body = response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
            if (response.statusCode() >= 300) {
                throw new LauncherException(response.statusCode() + " for " + path + ": "
                        + body.path("message").asText());
            }
            return body;
        } catch (IOException e) {
            throw new LauncherException("no JSON from " + path + ": " + e.getMessage(), e);
        }
    }
}
