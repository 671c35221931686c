package io.skep.cloudhub.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.EdgeException;
import io.skep.kube.api.InMemoryResourceStore;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.WriteOptions;
import io.skep.transport.tls.CertificateAuthority;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class HubSecretsTest {

    private final InMemoryResourceStore store = new InMemoryResourceStore();
    private final HubSecrets secrets = new HubSecrets(store, Instant::now);

    private KubeObject secret(String name) {
        return store.get(new ObjectKey(Kinds.SECRET, "kubeedge", name));
    }

    @Test
    void authorityIsMadeOnceAndKept() {
        CertificateAuthority first = secrets.load(List.of("localhost")).authority();

        assertThat(secrets.load(List.of("localhost")).authority().certificate()).isEqualTo(first.certificate());
        assertThat(Base64.getDecoder().decode(secret("casecret").doc().text("data", "cadata")))
                .isEqualTo(first.certificateDer());
        assertThat(secret("casecret").doc().text("type")).isEqualTo("Opaque");
    }

    @Test
    void serverCertificateIsKeptWhileItsNamesSuffice() {
        Credentials first = secrets.load(List.of("localhost", "192.0.2.1"));

        Credentials same = secrets.load(List.of("localhost"));
        Credentials takenOver = secrets.load(List.of());
        Credentials other = secrets.load(List.of("localhost", "cloud.example.org"));

        assertThat(same.server().certificate()).isEqualTo(first.server().certificate());
        assertThat(takenOver.server()).isEqualTo(first.server());
        assertThat(other.server().certificate()).isNotEqualTo(first.server().certificate());
        assertThat(HubSecrets.alternativeNames(other.server().certificate())).contains("cloud.example.org");
    }

    // A second authority beside nodes that trust the first would lock all of them out.
    @Test
    void unreadableAuthorityIsNeverReplaced() {
        secrets.load(List.of("localhost"));
        store.patch(
                new ObjectKey(Kinds.SECRET, "kubeedge", "casecret"),
                "",
                new Patch(PatchType.MERGE, "{\"data\":{\"cadata\":null}}"),
                WriteOptions.NONE);

        assertThatThrownBy(() -> secrets.load(List.of("localhost")))
                .isInstanceOf(EdgeException.class)
                .hasMessageContaining("kubeedge/casecret");
    }

    @Test
    void tokenIsReplacedByANewerOne() {
        CertificateAuthority authority = secrets.load(List.of("localhost")).authority();
        secrets.renewToken(authority, Duration.ofHours(1));

        String text = secrets.renewToken(authority, Duration.ofHours(2)).text();

        assertThat(new String(
                        Base64.getDecoder().decode(secret("tokensecret").doc().text("data", "tokendata")),
                        java.nio.charset.StandardCharsets.UTF_8))
                .isEqualTo(text);
    }
}
