package io.skep.transport;

import io.skep.transport.tls.ClientTls;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * Where a link shall go.
 *
 * @param uri scheme {@code wss} (or {@code ws} in tests), host, port and path
 * @param headers sent along with the request to open it
 * @param tls whom to trust and who we are; not used for {@code ws}
 * @param timeout for connecting and shaking hands together
 */
public record LinkTarget(URI uri, Map<String, String> headers, ClientTls tls, Duration timeout) {

    public LinkTarget {
        Objects.requireNonNull(uri, "uri");
        Objects.requireNonNull(tls, "tls");
        Objects.requireNonNull(timeout, "timeout");
        headers = Map.copyOf(headers);
    }
}
