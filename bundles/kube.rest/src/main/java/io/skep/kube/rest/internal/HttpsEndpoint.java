package io.skep.kube.rest.internal;

import io.skep.kube.rest.internal.tls.Certificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * A listener of its own in Felix HTTP, made by configuration: HTTPS only, few threads, client certificates asked for and
 * not demanded. Source: Felix HTTP Jetty's {@code JettyManagedServiceFactory} and {@code JettyConfig}.
 */
final class HttpsEndpoint {

    /** {@code org.apache.felix.http.name} of the listener, which the servlet's whiteboard target names. */
    static final String NAME = "kube";

    private static final String FACTORY_PID = "org.apache.felix.http";
    private static final String HTTP = "org.apache.felix.http.";
    private static final String HTTPS = "org.apache.felix.https.";
    private static final int IDLE_TIMEOUT_MILLIS = 60_000;

    /** What servers in Go take by default: an exec's command is a part of its URL. */
    private static final int HEADER_BYTES = 1 << 20;

    private final ConfigurationAdmin configurations;
    private final KubeRestSettings settings;
    private final Certificates certificates;
    private int generation;

    HttpsEndpoint(ConfigurationAdmin configurations, KubeRestSettings settings, Certificates certificates) {
        this.configurations = configurations;
        this.settings = settings;
        this.certificates = certificates;
    }

    /** Opens the listener, or opens it anew with what the key store holds now. Felix does it on a thread of its own. */
    void open() {
        generation++;
        try {
            configuration().update(properties());
        } catch (IOException e) {
            throw new UncheckedIOException("listener can't be configured: pid=" + FACTORY_PID + "~" + NAME, e);
        }
    }

    void close() {
        try {
            configuration().delete();
        } catch (IOException e) {
            throw new UncheckedIOException("listener can't be removed: pid=" + FACTORY_PID + "~" + NAME, e);
        }
    }

    private Configuration configuration() throws IOException {
        return configurations.getFactoryConfiguration(FACTORY_PID, NAME, "?");
    }

    private Dictionary<String, Object> properties() {
        Dictionary<String, Object> properties = new Hashtable<>();
        properties.put(HTTP + "name", NAME);
        properties.put(HTTP + "host", settings.address());
        properties.put(HTTP + "enable", false);
        properties.put("org.osgi.service.http.port.secure", settings.port());
        properties.put(HTTPS + "enable", true);
        properties.put(HTTPS + "keystore", certificates.keyStore().toString());
        properties.put(HTTPS + "keystore.type", "PKCS12");
        properties.put(HTTPS + "keystore.password", certificates.storePassword());
        properties.put(HTTPS + "keystore.key.password", certificates.storePassword());
        properties.put(HTTPS + "truststore", certificates.trustStorePath().toString());
        properties.put(HTTPS + "truststore.type", "PKCS12");
        properties.put(HTTPS + "truststore.password", certificates.storePassword());
        properties.put(HTTPS + "clientcertificate", "wants");
        properties.put(HTTP + "timeout", IDLE_TIMEOUT_MILLIS);
        properties.put(HTTP + "mbeans", false);
        properties.put(HTTP + "jetty.headerBufferSize", HEADER_BYTES);
        properties.put(HTTP + "jetty.threadpool.max", settings.threads());
        properties.put(HTTP + "jetty.acceptors", 1);
        properties.put(HTTP + "jetty.selectors", 1);
        properties.put(HTTP + "jetty.sendServerHeader", false);
        properties.put(HTTP + "runtime.init.skep.generation", Integer.toString(generation));
        return properties;
    }
}
