package io.skep.transport.internal;

import io.skep.transport.ListenSettings;
import io.skep.transport.tls.ServerTls;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes Jetty servers of one port each on the shared threads. */
final class Ports {

    private static final Logger LOG = LoggerFactory.getLogger(Ports.class);
    private static final int BACKLOG = 1024;
    private static final long IDLE_MILLIS = 30_000;
    private static final long STOP_MILLIS = 500;

    private Ports() {}

    static Server open(JettyRuntime runtime, String name, ListenSettings settings, Handler handler) {
        String failure = "cannot listen on " + settings.host() + ":" + settings.port();
        return JettyRuntime.withOwnLoader(failure, () -> {
            Server server = new Server(runtime.threads(), runtime.timer(), runtime.buffers());
            server.setName(name);
            // Links never end by themselves, so there is nothing to wait for.
            server.setStopTimeout(0);
            server.addConnector(connector(server, name, settings));
            server.setHandler(handler);
            try {
                server.start();
            } catch (Exception e) {
                close(server);
                throw e;
            }
            return server;
        });
    }

    static void close(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("port did not close cleanly: name={}", server.getName(), e);
        }
    }

    static int port(Server server) {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    private static ServerConnector connector(Server server, String name, ListenSettings settings) {
        HttpConnectionFactory http = new HttpConnectionFactory(http(settings));
        ServerConnector connector = settings.tls()
                .map(tls -> new ServerConnector(server, 0, 1, new SslConnectionFactory(tls(tls), "http/1.1"), http))
                .orElseGet(() -> new ServerConnector(server, 0, 1, http));
        connector.addBean(new RefusedHandshakes(name));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setIdleTimeout(IDLE_MILLIS);
        connector.setShutdownIdleTimeout(STOP_MILLIS);
        return connector;
    }

    private static HttpConfiguration http(ListenSettings settings) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(false);
        http.setUriCompliance(UriCompliance.DEFAULT);
        if (settings.tls().isPresent()) {
            // Nodes reach us by addresses and by names we may not know: their check of our names is what counts.
            http.addCustomizer(new SecureRequestCustomizer(false));
        }
        return http;
    }

    private static SslContextFactory.Server tls(ServerTls tls) {
        SslContextFactory.Server factory = new SslContextFactory.Server();
        factory.setSslContext(Contexts.server(tls));
        factory.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        // TLS is renegotiated by nobody we know, and resumed sessions would outlive a withdrawn certificate.
        factory.setRenegotiationAllowed(false);
        switch (tls.clientAuth()) {
            case NONE -> {}
            case OPTIONAL_UNVERIFIED -> factory.setWantClientAuth(true);
            case REQUIRED -> factory.setNeedClientAuth(true);
        }
        return factory;
    }
}
