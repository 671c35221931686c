package io.skep.transport.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.security.cert.CertificateExpiredException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class RefusedHandshakesTest {

    private final AtomicLong nanos = new AtomicLong();
    private final List<String> said = new ArrayList<>();
    private final RefusedHandshakes refused = new RefusedHandshakes("hub", nanos::get, said::add);

    private static SSLHandshakeException expired() {
        SSLHandshakeException failure = new SSLHandshakeException("refused");
        failure.initCause(new CertificateExpiredException("NotAfter: yesterday"));
        return failure;
    }

    @Test
    void expiredCertificateIsToldWithWhoShowedIt() {
        refused.refused("192.0.2.7:4711", expired());

        assertThat(said)
                .singleElement()
                .asString()
                .contains("port=hub", "remote=192.0.2.7:4711", "it has expired (NotAfter: yesterday)");
    }

    @Test
    void floodIsOneLineASecondThatCountsTheOthers() {
        for (int i = 0; i < 1000; i++) {
            refused.refused("192.0.2.7:" + i, expired());
        }
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        refused.refused("192.0.2.7:1000", expired());

        assertThat(said).hasSize(2);
        assertThat(said.get(1)).contains("moreBefore=999");
    }

    @Test
    void handshakeThatWasBrokenOffIsNotToldOf() {
        SSLHandshakeException broken = new SSLHandshakeException("Remote host terminated the handshake");
        broken.initCause(new EOFException("SSL peer shut down incorrectly"));

        refused.refused("192.0.2.7:4711", broken);

        assertThat(said).isEmpty();
    }
}
