package io.skep.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.tls.CertificateAuthority.Usage;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {

    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final Duration YEAR = Duration.ofDays(365);

    private final CertificateAuthority authority = CertificateAuthority.create(NOW);

    @Test
    void authorityLooksLikeCloudCores() throws Exception {
        X509Certificate certificate = authority.certificate();

        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=KubeEdge");
        assertThat(certificate.getSerialNumber()).isEqualTo(1024);
        assertThat(certificate.getBasicConstraints()).isNotNegative();
        assertThat(certificate.getKeyUsage()).startsWith(true, false, true, false, false, true);
        assertThat(certificate.getExtendedKeyUsage()).hasSize(2);
        assertThat(certificate.getNotAfter()).isEqualTo(NOW.plus(Duration.ofDays(36400)));
    }

    @Test
    void authoritySurvivesItsDerForm() {
        CertificateAuthority read = CertificateAuthority.fromDer(authority.certificateDer(), authority.keyDer());

        assertThat(read).isEqualTo(authority);
        assertThat(read.keyDer()).isEqualTo(authority.keyDer());
    }

    // Go's x509.ParseECPrivateKey wants the curve inside the SEC1 structure (RFC 5915, section 3).
    @Test
    void ecKeyIsWrittenAsSec1WithItsCurve() {
        byte[] der = authority.keyDer();

        assertThat(der).hasSize(121).startsWith(0x30, 0x77, 0x02, 0x01, 0x01, 0x04, 0x20);
        assertThat(der).containsSequence(0xa0, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07);
    }

    @Test
    void nodeCertificateCopiesTheSubjectAndNothingElse() throws Exception {
        KeyPair keys = Der.newKeys();
        CertificateRequest request = CertificateRequest.parse(CertificateRequest.forNode("edge-1", keys));

        X509Certificate signed = authority.sign(request, Set.of(Usage.CLIENT), NOW, YEAR);

        assertThat(request.organizations()).containsExactly("system:nodes");
        assertThat(signed.getSubjectX500Principal().getName()).isEqualTo("CN=system:node:edge-1,O=system:nodes");
        assertThat(signed.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(signed.getNotAfter()).isEqualTo(NOW.plus(YEAR));
        authority.verify(List.of(signed), Usage.CLIENT, NOW);
    }

    @Test
    void certificateOfAnotherAuthorityExpiredOrForOtherUseIsRefusedWithTheReason() {
        CertificateRequest request = CertificateRequest.parse(CertificateRequest.forNode("edge-1", Der.newKeys()));
        X509Certificate client = authority.sign(request, Set.of(Usage.CLIENT), NOW, YEAR);
        CertificateAuthority other = CertificateAuthority.create(NOW);

        assertRefused(() -> other.verify(List.of(client), Usage.CLIENT, NOW), "not signed by the expected");
        assertRefused(
                () -> authority.verify(
                        List.of(client), Usage.CLIENT, NOW.plus(YEAR).plusSeconds(1)),
                "expired");
        assertRefused(() -> authority.verify(List.of(client), Usage.CLIENT, NOW.minusSeconds(60)), "clock");
        assertRefused(() -> authority.verify(List.of(client), Usage.SERVER, NOW), "not meant for a server");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable check, String why) {
        assertThatThrownBy(check)
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAUTHORIZED))
                .hasMessageContaining(why);
    }

    @Test
    void serverCertificateNamesHostsAndAddresses() throws Exception {
        Identity server = authority.issueServer(List.of("cloud.example", "10.1.2.3", "fd00::1"), NOW);

        assertThat(server.certificate().getSubjectAlternativeNames())
                .extracting(name -> (Object) name.get(1))
                .containsExactly("cloud.example", "10.1.2.3", "fd00:0:0:0:0:0:0:1");
    }

    @Test
    void garbageIsNoRequestNoCertificateAndNoKey() {
        byte[] garbage = {1, 2, 3};

        assertThatThrownBy(() -> CertificateRequest.parse(garbage)).isInstanceOf(EdgeException.class);
        assertThatThrownBy(() -> Der.certificate(garbage)).isInstanceOf(EdgeException.class);
        assertThatThrownBy(() -> Der.privateKey(garbage)).isInstanceOf(EdgeException.class);
        assertThatThrownBy(() -> Pem.certificates("nothing")).isInstanceOf(EdgeException.class);
        assertThatThrownBy(() -> Pem.privateKey("nothing")).isInstanceOf(EdgeException.class);
    }

    @Test
    void keyAndCertificateSurvivePem() {
        String pem = Pem.encode(authority.certificate()) + Pem.encode(authority.key());

        assertThat(pem).contains("BEGIN CERTIFICATE", "BEGIN EC PRIVATE KEY");
        assertThat(Pem.certificates(pem)).containsExactly(authority.certificate());
        assertThat(Pem.privateKey(pem)).isEqualTo(authority.key());
    }
}
