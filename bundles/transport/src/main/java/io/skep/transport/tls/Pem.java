package io.skep.transport.tls;

import io.skep.transport.internal.Encodings;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/** Certificates and keys as text, the way files and kubeconfigs have them. */
public final class Pem {

    private Pem() {}

    /** All certificates of a file, in order; at least one. */
    public static List<X509Certificate> certificates(String text) {
        return Encodings.pemCertificates(text);
    }

    /** The first private key of a file: {@code EC PRIVATE KEY}, {@code RSA PRIVATE KEY} or {@code PRIVATE KEY}. */
    public static PrivateKey privateKey(String text) {
        return Encodings.pemPrivateKey(text);
    }

    /** One {@code CERTIFICATE} block. */
    public static String encode(X509Certificate certificate) {
        return Encodings.pem(certificate);
    }

    /** One {@code EC PRIVATE KEY} block, or {@code PRIVATE KEY} for other kinds. */
    public static String encode(PrivateKey key) {
        return Encodings.pem(key);
    }
}
