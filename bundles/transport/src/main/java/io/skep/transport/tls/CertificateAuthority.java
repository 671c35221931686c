package io.skep.transport.tls;

import io.skep.transport.internal.Certificates;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * A certificate authority and what it signs.
 *
 * @param certificate its own certificate
 * @param key its private key, never shown by {@link #toString}
 */
public record CertificateAuthority(X509Certificate certificate, PrivateKey key) {

    /** What a certificate may be used for. The numbers are Go's, as in KubeEdge's header {@code ExtKeyUsages}. */
    public enum Usage {
        SERVER(1),
        CLIENT(2);

        private final int number;

        Usage(int number) {
            this.number = number;
        }

        /** Go's number. */
        public int number() {
            return number;
        }
    }

    public CertificateAuthority {
        Objects.requireNonNull(certificate, "certificate");
        Objects.requireNonNull(key, "key");
    }

    /** A new one as CloudCore makes it: EC P-256, {@code CN=KubeEdge}, valid for a hundred years from {@code now}. */
    public static CertificateAuthority create(Instant now) {
        return Certificates.createAuthority(now);
    }

    /** Reads one from the DER bytes of its certificate and of its key (SEC1 or PKCS#8). */
    public static CertificateAuthority fromDer(byte[] certificate, byte[] key) {
        return new CertificateAuthority(Der.certificate(certificate), Der.privateKey(key));
    }

    /** The certificate's DER bytes: what {@code cadata} and {@code /ca.crt} hold. */
    public byte[] certificateDer() {
        return Der.encode(certificate);
    }

    /** The key's DER bytes, SEC1 for an EC key: what {@code cakeydata} holds and tokens are signed with. */
    public byte[] keyDer() {
        return Der.encode(key);
    }

    /**
     * A new key with a certificate for servers, {@code CN=KubeEdge, O=KubeEdge}, valid as long as the authority.
     *
     * @param names host names and IP addresses (v4 or v6) for the subject alternative names
     */
    public Identity issueServer(List<String> names, Instant now) {
        return Certificates.issueServer(this, names, now);
    }

    /**
     * Signs a request: CN, O and subject alternative names are copied, everything else is dropped. The request's own
     * signature is not looked at here, see {@link CertificateRequest#parse}.
     *
     * @throws io.skep.core.api.EdgeException {@code INVALID} for an empty CN
     */
    public X509Certificate sign(CertificateRequest request, Set<Usage> usages, Instant now, Duration validity) {
        return Certificates.sign(this, request, usages, now, validity);
    }

    /**
     * Whether {@code chain} (own certificate first) leads to this authority, is valid at {@code now}, and may be used so.
     *
     * @throws io.skep.core.api.EdgeException {@code UNAUTHORIZED} with the reason when not
     */
    public void verify(List<X509Certificate> chain, Usage usage, Instant now) {
        Certificates.verify(certificate, chain, usage, now);
    }

    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal() + "]";
    }
}
