package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class TlsTroubleTest {

    @Test
    void verdictOfThePeerIsToldInWords() {
        assertThat(TlsTrouble.explain(new SSLHandshakeException("Received fatal alert: certificate_required")))
                .contains("the peer asks for a client certificate and got none");
        assertThat(TlsTrouble.explain(new IOException(new SSLHandshakeException("Received fatal alert: unknown_ca"))))
                .hasValueSatisfying(text -> assertThat(text).startsWith("the peer does not accept our certificate"));
    }

    @Test
    void ourOwnVerdictKeepsItsWords() {
        SSLHandshakeException refused = new SSLHandshakeException("refused");
        refused.initCause(new CertificateException("No subject alternative names matching IP address 10.1.2.3 found"));

        assertThat(TlsTrouble.explain(refused))
                .contains("No subject alternative names matching IP address 10.1.2.3 found");
    }

    // A cloud that is killed while a node connects must not look like a node that nobody wants.
    @Test
    void handshakeThatWasBrokenOffIsNoCertificateTrouble() {
        SSLHandshakeException dying = new SSLHandshakeException("Remote host terminated the handshake");
        dying.initCause(new EOFException("SSL peer shut down incorrectly"));

        assertThat(TlsTrouble.explain(dying)).isEmpty();
        assertThat(TlsTrouble.explain(new IOException("Connection reset"))).isEmpty();
    }
}
