package io.skep.transport;

import io.skep.transport.tls.ServerTls;
import java.util.Objects;
import java.util.Optional;

/**
 * Where and how to listen.
 *
 * @param host address to bind, {@code 0.0.0.0} for all
 * @param port 0 takes a free one
 * @param tls our identity and what is asked of clients; empty listens without TLS, for tests
 */
public record ListenSettings(String host, int port, Optional<ServerTls> tls) {

    public ListenSettings {
        Objects.requireNonNull(host, "host");
        Objects.requireNonNull(tls, "tls");
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port must be from 0 to 65535, is " + port);
        }
    }
}
