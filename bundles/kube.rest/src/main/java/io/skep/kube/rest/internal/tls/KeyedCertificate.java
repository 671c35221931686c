package io.skep.kube.rest.internal.tls;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/** A certificate and the key that goes with it. */
record KeyedCertificate(X509Certificate certificate, PrivateKey key) {

    @Override
    public String toString() {
        return "KeyedCertificate[" + certificate.getSubjectX500Principal() + "]";
    }
}
