package io.skep.edgehub.internal;

import io.skep.transport.tls.ClientTls;
import io.skep.transport.tls.Identity;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Whom the node trusts and who it is.
 *
 * @param authority the cloud's certificate authority
 * @param identity the node's key and certificate
 */
record Credentials(X509Certificate authority, Identity identity) {

    /** For the link and for renewing. */
    ClientTls tls() {
        return new ClientTls(List.of(authority), Optional.of(identity));
    }

    Instant notAfter() {
        return identity.certificate().getNotAfter().toInstant();
    }

    boolean expired(Instant now) {
        return !now.isBefore(notAfter());
    }

    /** When to renew: KubeEdge's 70 to 90 percent of the certificate's life. */
    Instant renewAt(RandomGenerator random) {
        Instant from = identity.certificate().getNotBefore().toInstant();
        double part = 0.7 + 0.2 * random.nextDouble();
        return from.plusMillis((long) (Duration.between(from, notAfter()).toMillis() * part));
    }
}
