package io.skep.transport.tls;

import io.skep.transport.internal.Contexts;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * A client's end of TLS 1.2 or 1.3. Host names and addresses are checked against the server's subject alternative names.
 *
 * @param trusted certificate authorities; empty trusts whoever answers and checks no host name, for {@code /ca.crt} alone
 * @param identity shown when the server asks for it
 */
public record ClientTls(List<X509Certificate> trusted, Optional<Identity> identity) {

    public ClientTls {
        trusted = List.copyOf(trusted);
    }

    /** Trusts everybody and is nobody. */
    public static ClientTls trustingAll() {
        return new ClientTls(List.of(), Optional.empty());
    }

    /** A context for {@code java.net.http.HttpClient}. */
    public SSLContext context() {
        return Contexts.client(this);
    }
}
