package io.skep.edged.internal.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.edged.internal.link.Json;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Confinement;
import io.skep.runtime.api.SecurityContext.SeLinux;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContainerSecurityTest {

    private static ContainerSecurity security(String shared, String own) {
        Pod pod = Pod.of(Json.object("{\"metadata\":{\"name\":\"p\",\"uid\":\"u\"},\"spec\":{\"securityContext\":"
                + shared + ",\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"securityContext\":" + own + "}]}}"));
        return new ContainerSecurity(pod, pod.containers().get(0));
    }

    // CRI takes a group only together with a user.
    @ParameterizedTest
    @CsvSource({"1234, 1234", "'', 0", "app,", "99999999999999999999,"})
    void groupAloneGoesWithTheUserOfTheImage(String imageUser, Long user) throws Exception {
        ContainerSecurity security = security("{\"runAsGroup\":3000}", "{}");

        assertThat(security.needsImage()).isTrue();
        SecurityContext context = security.context(imageUser);
        assertThat(context.runAs().user()).isEqualTo(Optional.ofNullable(user));
        assertThat(context.runAs().group()).contains(3000L);
    }

    @Test
    void imageIsNotAskedWithoutNeed() {
        assertThat(security("{}", "{}").needsImage()).isFalse();
        assertThat(security("{\"runAsNonRoot\":true}", "{\"runAsUser\":7}").needsImage())
                .isFalse();
        assertThat(security("{\"runAsNonRoot\":true}", "{\"runAsNonRoot\":false}")
                        .needsImage())
                .isFalse();
    }

    @Test
    void containerConfinesItselfOrIsConfinedWithItsPod() throws Exception {
        String shared =
                "{\"seccompProfile\":{\"type\":\"RuntimeDefault\"},\"appArmorProfile\":{\"type\":\"RuntimeDefault\"},"
                        + "\"seLinuxOptions\":{\"level\":\"s0:c1\"}}";
        String own = "{\"seccompProfile\":{\"type\":\"Localhost\",\"localhostProfile\":\"mine.json\"},"
                + "\"appArmorProfile\":{\"type\":\"Localhost\",\"localhostProfile\":\"mine\"},\"seLinuxOptions\":{\"type\":\"spc_t\"}}";

        assertThat(security("{}", "{}").context("").confinement()).isEqualTo(Confinement.NONE);
        assertThat(security(shared, "{}").context("").confinement())
                .isEqualTo(new Confinement(
                        "RuntimeDefault", "RuntimeDefault", Optional.of(new SeLinux("", "", "", "s0:c1"))));
        assertThat(security(shared, own).context("").confinement())
                .isEqualTo(new Confinement(
                        "Localhost//var/lib/kubelet/seccomp/mine.json",
                        "Localhost/mine",
                        Optional.of(new SeLinux("", "", "spc_t", ""))));
    }
}
