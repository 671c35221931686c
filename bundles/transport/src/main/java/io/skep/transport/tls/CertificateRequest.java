package io.skep.transport.tls;

import io.skep.transport.internal.Requests;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.List;
import java.util.Objects;

/**
 * A PKCS#10 request, read.
 *
 * @param commonName CN of the subject, {@code ""} if absent
 * @param organizations O of the subject, in order
 * @param names DNS and IP subject alternative names asked for
 * @param publicKey key to certify
 */
public record CertificateRequest(
        String commonName, List<String> organizations, List<String> names, PublicKey publicKey) {

    public CertificateRequest {
        Objects.requireNonNull(commonName, "commonName");
        organizations = List.copyOf(organizations);
        names = List.copyOf(names);
        Objects.requireNonNull(publicKey, "publicKey");
    }

    /** Reads DER and checks the request's own signature. */
    public static CertificateRequest parse(byte[] der) {
        return Requests.parse(der);
    }

    /** The DER bytes of a request signed by {@code keys}, with the subject EdgeCore uses for {@code node}. */
    public static byte[] forNode(String node, KeyPair keys) {
        return Requests.forNode(node, keys);
    }
}
