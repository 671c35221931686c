package io.skep.kube.rest.internal.api;

import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.stream.PodStreams;
import io.skep.kube.rest.internal.auth.Authenticator;
import io.skep.kube.rest.internal.json.Json;
import io.skep.kube.rest.internal.stream.PodDoor;
import io.skep.kube.rest.internal.tls.Certificates;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The servlet in a Jetty of its own on a free port, with and without TLS, and a client for it. */
final class TestApi implements AutoCloseable {

    /** Far fewer than the watches a test opens: one that kept a thread would be seen. */
    private static final int THREADS = 8;

    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Server server = new Server(new QueuedThreadPool(THREADS));
    private final ServerConnector plain = new ServerConnector(server, 1, 1);
    private final ServerConnector secure;
    private final Certificates certificates;
    private final HttpClient client = HttpClient.newHttpClient();
    final WatchStreams watches = new WatchStreams();
    volatile Optional<PodStreams> streams = Optional.empty();

    TestApi(Path folder, ResourceStore... stores) throws Exception {
        this(folder, 0, stores);
    }

    TestApi(Path folder, int port, ResourceStore... stores) throws Exception {
        String address = port == 0 ? "https://127.0.0.1" : "https://127.0.0.1:" + port;
        certificates = new Certificates(folder, List.of("localhost", "127.0.0.1"), address, InstantSource.system());
        certificates.refresh();
        secure = secure(port);
        server.addConnector(plain);
        server.addConnector(secure);
        ServletContextHandler context = new ServletContextHandler("/");
        ServletHolder holder = new ServletHolder(new ApiServlet(
                catalog(stores),
                new Authenticator(
                        certificates::authorityCertificate, certificates.adminToken(), InstantSource.system()),
                watches,
                new PodDoor(() -> streams, LINGER),
                new ApiMetrics(watches),
                InstantSource.system()));
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        server.setHandler(context);
        server.start();
    }

    static Catalog catalog(ResourceStore... stores) {
        return new Catalog() {
            @Override
            public List<Served> all() {
                return Catalog.of(List.of(stores));
            }

            @Override
            public boolean isEmpty() {
                return stores.length == 0;
            }
        };
    }

    private ServerConnector secure(int port) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setKeyStorePath(certificates.keyStore().toString());
        tls.setKeyStorePassword(certificates.storePassword());
        tls.setTrustStorePath(certificates.trustStorePath().toString());
        tls.setTrustStorePassword(certificates.storePassword());
        tls.setWantClientAuth(true);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.addCustomizer(new SecureRequestCustomizer());
        ServerConnector connector = new ServerConnector(
                server, 1, 1, new SslConnectionFactory(tls, "http/1.1"), new HttpConnectionFactory(configuration));
        connector.setPort(port);
        return connector;
    }

    Certificates certificates() {
        return certificates;
    }

    int securePort() {
        return secure.getLocalPort();
    }

    /** A bare connection over TLS; the test trusts whoever answers. */
    SSLSocket secureSocket() throws Exception {
        SslContextFactory.Client client = new SslContextFactory.Client(true);
        client.start();
        SSLSocket socket =
                (SSLSocket) client.getSslContext().getSocketFactory().createSocket("127.0.0.1", securePort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    /** A request's head, byte for byte, by the administrator. */
    byte[] raw(String method, String path, String... headers) {
        StringBuilder head = new StringBuilder(method + " " + path
                + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + certificates.adminToken() + "\r\n");
        List.of(headers).forEach(header -> head.append(header).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Has connections that are opened from now on end after this silence, where HTTP decides. It must be long enough that a
     * handshake on a busy machine is none.
     */
    void idleTimeout(long millis) {
        plain.setIdleTimeout(millis);
        secure.setIdleTimeout(millis);
    }

    /** Waits until a connection opened now, on which nothing is said, was ended for its silence. */
    void awaitIdleTimeouts() throws Exception {
        try (java.net.Socket quiet = new java.net.Socket("127.0.0.1", plain.getLocalPort())) {
            quiet.setSoTimeout(20_000);
            quiet.getInputStream().read();
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + plain.getLocalPort() + path);
    }

    /** A request by the administrator. */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(uri(path))
                .header("Authorization", "Bearer " + certificates.adminToken())
                .header("Accept", "application/json");
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    HttpResponse<String> get(String path) throws Exception {
        return send(request(path));
    }

    HttpResponse<String> send(String method, String path, String contentType, String body) throws Exception {
        HttpRequest.Builder request = request(path).method(method, BodyPublishers.ofString(body));
        return send(contentType.isEmpty() ? request : request.header("Content-Type", contentType));
    }

    HttpClient client() {
        return client;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> tree(HttpResponse<String> response) {
        return (Map<String, Object>) Json.read(response.body().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        LifeCycle.stop(server);
    }
}
