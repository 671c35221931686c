package io.skep.edged.internal.probe;

import io.skep.kube.api.Doc;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * GET as kubelet's probes do it: any certificate is taken, a redirect is followed on the same host only (one to another host
 * passes, with a warning), at most 10 KiB of the body are read. The client, and the one selector thread the JDK gives it, is
 * made at first use and goes with this object.
 */
public final class Http {

    private static final int MOST_BODY = 10 << 10;
    private static final int MOST_REDIRECTS = 10;

    /** The client refuses these; sending them is its own business. */
    private static final Set<String> RESTRICTED =
            Set.of("host", "connection", "content-length", "expect", "upgrade", "transfer-encoding");

    private volatile HttpClient client;

    Outcome get(Doc action, String host, int port, Duration timeout) {
        String scheme = action.text("scheme").equals("HTTPS") ? "https" : "http";
        String path = action.text("path").startsWith("/") ? action.text("path") : "/" + action.text("path");
        String url = scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port + path;
        try {
            URI uri = URI.create(url);
            for (int i = 0; i <= MOST_REDIRECTS; i++) {
                HttpResponse<InputStream> response =
                        client().send(request(uri, action, timeout), HttpResponse.BodyHandlers.ofInputStream());
                Optional<String> location = response.headers().firstValue("location");
                String body = body(response.body());
                int code = response.statusCode();
                if (code < 300 || code >= 400 || location.isEmpty()) {
                    return code >= 200 && code < 400
                            ? Outcome.PASSED
                            : Outcome.failed("HTTP probe failed with statuscode: " + code
                                    + (body.isEmpty() ? "" : ", body: " + body));
                }
                URI next = uri.resolve(location.get());
                if (next.getHost() == null || !next.getHost().equals(uri.getHost())) {
                    return Outcome.passedBut("Probe terminated redirects, Response body: " + Check.cut(body));
                }
                uri = next;
            }
            return Outcome.failed("stopped after " + MOST_REDIRECTS + " redirects");
        } catch (HttpTimeoutException e) {
            return Outcome.failed("Get \"" + url + "\": context deadline exceeded after " + Check.seconds(timeout));
        } catch (IOException | IllegalArgumentException e) {
            String why = e.getMessage() == null ? "connection refused" : e.getMessage();
            return Outcome.failed("Get \"" + url + "\": " + why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.unknown("interrupted");
        }
    }

    private static HttpRequest request(URI uri, Doc action, Duration timeout) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(timeout).GET();
        request.setHeader("User-Agent", "kube-probe/1.31");
        request.setHeader("Accept", "*/*");
        for (Doc header : action.objects("httpHeaders")) {
            if (!RESTRICTED.contains(header.text("name").toLowerCase(Locale.ROOT))) {
                request.header(header.text("name"), header.text("value"));
            }
        }
        return request.build();
    }

    private static String body(InputStream stream) throws IOException {
        try (stream) {
            return new String(stream.readNBytes(MOST_BODY), StandardCharsets.UTF_8);
        }
    }

    private HttpClient client() {
        HttpClient existing = client;
        if (existing != null) {
            return existing;
        }
        synchronized (this) {
            if (client == null) {
                client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .connectTimeout(Duration.ofSeconds(30))
                        .executor(Runnable::run)
                        .sslContext(trustAll())
                        .build();
            }
            return client;
        }
    }

    private static SSLContext trustAll() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new TakesAny()}, new SecureRandom());
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** Kubernetes does not verify a probed pod: the probe asks whether it answers, not who it is. */
    private static final class TakesAny extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
