package io.skep.transport.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;

/**
 * A server's end of TLS 1.2 or 1.3.
 *
 * @param identity shown to clients
 * @param clientAuth what is asked of clients
 * @param clientAuthorities who may have signed their certificates; may be empty unless {@link ClientAuth#REQUIRED}
 */
public record ServerTls(Identity identity, ClientAuth clientAuth, List<X509Certificate> clientAuthorities) {

    /** What is asked of clients. */
    public enum ClientAuth {
        /** Nothing. */
        NONE,
        /** A certificate if they have one; the handler must verify it. */
        OPTIONAL_UNVERIFIED,
        /** A valid certificate of one of the authorities, usable by clients. */
        REQUIRED
    }

    public ServerTls {
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(clientAuth, "clientAuth");
        clientAuthorities = List.copyOf(clientAuthorities);
        if (clientAuth == ClientAuth.REQUIRED && clientAuthorities.isEmpty()) {
            throw new IllegalArgumentException("certificates can't be required without an authority");
        }
    }
}
