package io.skep.launcher.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.skep.launcher.host.LauncherException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The few calls to a Kubernetes API that the demo, the benches and {@code token} need, by the cloud's own kubeconfig. */
public final class KubeApi {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private final HttpClient client;
    private final String server;

    private KubeApi(HttpClient client, String server) {
        this.client = client;
        this.server = server;
    }

    public static KubeApi of(Path kubeconfig) {
        try {
            JsonNode config = YAML.readTree(kubeconfig.toFile());
            JsonNode cluster = config.at("/clusters/0/cluster");
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .sslContext(tls(cluster, config.at("/users/0/user")))
                    .build();
            return new KubeApi(client, cluster.path("server").asText());
        } catch (IOException | GeneralSecurityException e) {
            throw new LauncherException("cannot use " + kubeconfig + ": " + e, e);
        }
    }

    private static SSLContext tls(JsonNode cluster, JsonNode user) throws IOException, GeneralSecurityException {
        KeyStore trusted = emptyStore();
        trusted.setCertificateEntry("kube", certificate(cluster.path("certificate-authority-data")));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        KeyStore own = emptyStore();
        Certificate[] chain = {certificate(user.path("client-certificate-data"))};
        own.setKeyEntry("admin", key(user.path("client-key-data")), new char[0], chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(JsonNode base64) throws GeneralSecurityException {
        byte[] pem = Base64.getDecoder().decode(base64.asText());
        return CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }

    /** PKCS#8 in PEM, as our own cloud writes it. */
    private static PrivateKey key(JsonNode base64) throws GeneralSecurityException {
        String pem = new String(Base64.getDecoder().decode(base64.asText()), StandardCharsets.US_ASCII);
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** The object, or empty when there is none. */
    public Optional<JsonNode> get(String path) {
        HttpResponse<String> response = send("GET", path, "", "");
        return response.statusCode() == 404 ? Optional.empty() : Optional.of(checked(response, path));
    }

    /** The lines of a watch as they come, until the stream is closed. */
    public Stream<String> lines(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path)).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofLines()).body();
        } catch (IOException e) {
            throw new LauncherException("the API at " + server + " does not answer: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while asking " + server, e);
        }
    }

    /** Copies what the API sends, as it comes, until it ends. */
    void copy(String path, OutputStream out) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server + path)).build();
        try {
            HttpResponse<InputStream> response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                if (response.statusCode() >= 300) {
                    throw new LauncherException(
                            JSON.readTree(body).path("message").asText("the API answered " + response.statusCode()));
                }
                body.transferTo(out);
                out.flush();
            }
        } catch (IOException e) {
            throw new LauncherException("the API at " + server + " did not answer to the end: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LauncherException("interrupted while asking " + server, e);
        }
    }

    /** Creates the object, or merges it into the one that is there. */
    public void apply(JsonNode object) {
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
    public void patch(String path, ObjectNode patch) {
        checked(send("PATCH", path, "application/merge-patch+json", patch.toString()), path);
    }

    /** Deletes; what is gone already is fine. */
    public void delete(String path) {
        HttpResponse<String> response = send("DELETE", path, "", "");
        if (response.statusCode() != 404) {
            checked(response, path);
        }
    }

    /** Whether a condition of the object's status is true. */
    public static boolean condition(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
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
