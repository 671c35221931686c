package io.skep.transport.tls;

import io.skep.transport.internal.Encodings;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** Certificates and keys as bytes, the way KubeEdge's secrets and enrolment have them. */
public final class Der {

    private Der() {}

    /** Reads an X.509 certificate. */
    public static X509Certificate certificate(byte[] der) {
        return Encodings.certificate(der);
    }

    /** Reads a private key: SEC1 {@code ECPrivateKey}, PKCS#1 or PKCS#8. */
    public static PrivateKey privateKey(byte[] der) {
        return Encodings.privateKey(der);
    }

    /** The certificate's bytes. */
    public static byte[] encode(X509Certificate certificate) {
        return Encodings.encode(certificate);
    }

    /** The key's bytes: SEC1 for EC, PKCS#8 otherwise. */
    public static byte[] encode(PrivateKey key) {
        return Encodings.encode(key);
    }

    /** A new EC P-256 key pair. */
    public static KeyPair newKeys() {
        return Encodings.newKeys();
    }
}
