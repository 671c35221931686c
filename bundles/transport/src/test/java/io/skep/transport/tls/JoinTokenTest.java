package io.skep.transport.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class JoinTokenTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final CertificateAuthority authority = CertificateAuthority.create(NOW);
    private final JoinToken token = JoinToken.create(authority, NOW.plusSeconds(3600));

    @Test
    void tokenIsTheAuthoritysHashAndAJwtWithItsEnd() {
        String[] parts = token.text().split("\\.");

        assertThat(parts).hasSize(4);
        assertThat(parts[0]).matches("[0-9a-f]{64}");
        assertThat(text(parts[1])).isEqualTo("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
        assertThat(text(parts[2])).isEqualTo("{\"exp\":" + NOW.plusSeconds(3600).getEpochSecond() + "}");
        assertThat(token.toString()).doesNotContain(token.bearer());
    }

    private static String text(String base64) {
        return new String(Base64.getUrlDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    @Test
    void tokenSurvivesATextFileWithWhiteSpace() {
        assertThat(JoinToken.parse(" " + token.text() + "\n")).isEqualTo(token);
    }

    @Test
    void bearerIsAcceptedUntilItExpires() {
        JoinToken.verifyBearer(token.bearer(), authority, NOW.plusSeconds(3599));

        assertRefused(token.bearer(), authority, NOW.plusSeconds(3600), "expired");
    }

    @Test
    void bearerOfAnotherAuthorityOrTamperedWithIsRefused() {
        String[] parts = token.bearer().split("\\.");
        String longer = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"exp\":99999999999}".getBytes(StandardCharsets.UTF_8));
        String none = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"alg\":\"none\"}".getBytes(StandardCharsets.UTF_8));

        assertRefused(token.bearer(), CertificateAuthority.create(NOW), NOW, "signature");
        assertRefused(parts[0] + "." + longer + "." + parts[2], authority, NOW, "signature");
        assertRefused(none + "." + parts[1] + ".", authority, NOW, "algorithm");
        assertRefused("a.b.c", authority, NOW, "malformed");
        assertRefused("", authority, NOW, "three parts");
    }

    private static void assertRefused(String bearer, CertificateAuthority authority, Instant now, String why) {
        assertThatThrownBy(() -> JoinToken.verifyBearer(bearer, authority, now))
                .isInstanceOfSatisfying(
                        EdgeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.UNAUTHORIZED))
                .hasMessageContaining(why);
    }

    @Test
    void downloadedAuthorityMustBeTheOneTheTokenNames() {
        token.verifyAuthority(authority.certificateDer());

        assertThatThrownBy(() ->
                        token.verifyAuthority(CertificateAuthority.create(NOW).certificateDer()))
                .isInstanceOf(EdgeException.class)
                .hasMessageContaining("not the one of the join token");
    }

    @Test
    void textThatIsNoTokenIsRefusedWithoutShowingIt() {
        assertThatThrownBy(() -> JoinToken.parse("secret.words.here"))
                .isInstanceOf(EdgeException.class)
                .hasMessageNotContaining("secret");
    }
}
