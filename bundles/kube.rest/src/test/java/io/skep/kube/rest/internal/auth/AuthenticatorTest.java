package io.skep.kube.rest.internal.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.rest.internal.tls.Certificates;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthenticatorTest {

    @TempDir
    Path folder;

    private Instant now = Instant.parse("2026-11-23T05:00:00Z");

    private Certificates certificates(String name) {
        Certificates certificates =
                new Certificates(folder.resolve(name), List.of("localhost"), "https://localhost", () -> now);
        certificates.refresh();
        return certificates;
    }

    private X509Certificate admin(String name) throws Exception {
        try (InputStream in = Files.newInputStream(folder.resolve(name).resolve("admin.crt"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private Authenticator authenticator(Certificates certificates) {
        return new Authenticator(certificates::authorityCertificate, "secret", () -> now);
    }

    @Test
    void certificateOfOurAuthorityNamesUserAndGroups() throws Exception {
        Authenticator authenticator = authenticator(certificates("ours"));

        assertThat(authenticator.authenticate(null, List.of(admin("ours")))).hasValueSatisfying(user -> {
            assertThat(user.name()).isEqualTo("kubernetes-admin");
            assertThat(user.isMaster()).isTrue();
        });
    }

    @Test
    void certificateOfAnotherAuthorityIsRefused() throws Exception {
        certificates("theirs");

        assertThat(authenticator(certificates("ours")).authenticate(null, List.of(admin("theirs"))))
                .isEmpty();
    }

    @Test
    void expiredCertificateIsRefused() throws Exception {
        Authenticator authenticator = authenticator(certificates("ours"));
        X509Certificate admin = admin("ours");

        now = now.plus(Duration.ofDays(366));

        assertThat(authenticator.authenticate(null, List.of(admin))).isEmpty();
    }

    @Test
    void onlyTheRightTokenIsTaken() {
        Authenticator authenticator = authenticator(certificates("ours"));

        assertThat(authenticator.authenticate("Bearer secret", List.of()))
                .hasValueSatisfying(user -> assertThat(user.isMaster()).isTrue());
        assertThat(authenticator.authenticate("Bearer secre", List.of())).isEmpty();
        assertThat(authenticator.authenticate("Basic c2VjcmV0", List.of())).isEmpty();
        assertThat(authenticator.authenticate(null, List.of())).hasValue(User.ANONYMOUS);
    }
}
