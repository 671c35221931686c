package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tls.CertificateRequest;
import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.Der;
import io.skep.transport.tls.Identity;
import io.skep.transport.tls.JoinToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Gets the node's certificate from the cloud's HTTPS door. Blocks on the network; belongs on the worker pool. Each call
 * makes an HTTP client of its own, whose threads end with it.
 *
 * <p>Source: KubeEdge v1.22, {@code edge/pkg/edgehub/certificate/certmanager.go}.
 */
final class Enrolment {

    private static final int MAX_ANSWER = 1 << 20;
    private static final int MAX_SHOWN = 200;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final URI door;
    private final String node;

    Enrolment(URI door, String node) {
        this.door = door;
        this.node = node;
    }

    /**
     * Joins with a token: the authority is fetched without trust and held against the token's hash, then asked for a
     * certificate.
     *
     * @throws EdgeException {@code UNAUTHORIZED} when the cloud is another one or refuses the token,
     *     {@code SERVICE_UNAVAILABLE} or {@code TIMEOUT} when it can't be reached
     */
    Credentials join(JoinToken token) {
        byte[] authorityDer = ask(ClientTls.trustingAll(), request("/ca.crt").GET());
        token.verifyAuthority(authorityDer);
        X509Certificate authority = Der.certificate(authorityDer);
        ClientTls tls = new ClientTls(List.of(authority), Optional.empty());
        return certificate(authority, tls, Optional.of(token));
    }

    /** Renews with the certificate in use. */
    Credentials renew(Credentials current) {
        return certificate(current.authority(), current.tls(), Optional.empty());
    }

    private Credentials certificate(X509Certificate authority, ClientTls tls, Optional<JoinToken> token) {
        KeyPair keys = Der.newKeys();
        byte[] csr = CertificateRequest.forNode(node, keys);
        HttpRequest.Builder request = request("/edge.crt")
                .method("GET", BodyPublishers.ofByteArray(csr))
                .header("NodeName", node);
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t.bearer()));
        X509Certificate certificate = Der.certificate(ask(tls, request));
        if (!certificate.getPublicKey().equals(keys.getPublic())) {
            throw new EdgeException(Reason.INVALID, "the cloud signed another key than ours");
        }
        return new Credentials(authority, new Identity(keys.getPrivate(), List.of(certificate)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(door.resolve(path)).timeout(LIMIT);
    }

    private byte[] ask(ClientTls tls, HttpRequest.Builder builder) {
        HttpRequest request = builder.build();
        HttpClient client = HttpClient.newBuilder()
                .sslContext(tls.context())
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_LIMIT)
                .build();
        try {
            HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                byte[] bytes = body.readNBytes(MAX_ANSWER + 1);
                if (answer.statusCode() != 200) {
                    throw refused(request, answer.statusCode(), bytes);
                }
                if (bytes.length > MAX_ANSWER) {
                    throw new EdgeException(Reason.TOO_LARGE, "answer of " + request.uri() + " is too large");
                }
                return bytes;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "interrupted", e);
        } catch (IOException e) {
            throw failed(request, e);
        }
    }

    private static EdgeException refused(HttpRequest request, int status, byte[] body) {
        String text = new String(body, 0, Math.min(body.length, MAX_SHOWN), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}+", " ")
                .strip();
        boolean ours = status == 400 || status == 401 || status == 403;
        return new EdgeException(
                ours ? Reason.UNAUTHORIZED : Reason.SERVICE_UNAVAILABLE,
                request.uri() + " answered " + status + (text.isEmpty() ? "" : ": " + text));
    }

    private static EdgeException failed(HttpRequest request, IOException e) {
        String server = request.uri().getAuthority();
        if (e instanceof ConnectException) {
            return new EdgeException(Reason.SERVICE_UNAVAILABLE, "nobody answers at " + server, e);
        }
        if (e instanceof HttpTimeoutException) {
            return new EdgeException(Reason.TIMEOUT, server + " did not answer in time", e);
        }
        if (e instanceof SSLException && isVerdict(e)) {
            return new EdgeException(
                    Reason.UNAUTHORIZED, "certificate trouble with " + server + ": " + root(e).getMessage(), e);
        }
        return new EdgeException(Reason.SERVICE_UNAVAILABLE, "no answer of " + server + ": " + root(e).getMessage(), e);
    }

    /** Whether one end did not accept the other, and not merely broke the handshake off. */
    private static boolean isVerdict(Throwable e) {
        for (Throwable t = e; t != null; t = t.getCause()) {
            boolean alert = String.valueOf(t.getMessage()).contains("fatal alert");
            if (t instanceof CertificateException || alert) {
                return true;
            }
        }
        return false;
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
