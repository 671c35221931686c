package io.skep.transport.http;

import io.skep.transport.ListenSettings;
import org.osgi.annotation.versioning.ProviderType;

/** Service: serves HTTP/1.1 on a port of its own. Thread-safe. */
@ProviderType
public interface HttpServer {

    /** Largest request body, in bytes; a larger one is answered 413. */
    int MAX_BODY_BYTES = 1 << 20;

    /**
     * Serves until the port is closed, on the port that was released under {@code name} if there is one with these settings.
     *
     * @param name for logs and threads, and what a successor finds the port by
     * @throws io.skep.core.api.EdgeException {@code SERVICE_UNAVAILABLE} when the port can't be had
     */
    HttpPort serve(String name, ListenSettings settings, HttpHandler handler);
}
