package io.skep.kube.embedded.internal.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodValidationTest {

    private static final Doc SOUND = PodDefaults.fill(KubeObject.of(
                    Map.of("spec", Map.of("containers", List.of(Map.of("name", "c", "image", "app:1"))))))
            .spec();

    private static List<String> mistakes(Doc spec) {
        Causes causes = new Causes();
        PodValidation.check(KubeObject.of(Map.of("spec", spec.asMap())), causes);
        try {
            causes.throwIfAny(Kinds.POD, "p");
            return List.of();
        } catch (KubeException e) {
            assertThat(e.status().code()).isEqualTo(422);
            return e.status().details().objects("causes").stream()
                    .map(cause -> cause.text("field") + ": " + cause.text("message"))
                    .toList();
        }
    }

    private static Doc sysctls(String... names) {
        return SOUND.with(
                List.of(names).stream()
                        .map(name -> Map.of("name", name, "value", "1"))
                        .toList(),
                "securityContext",
                "sysctls");
    }

    @Test
    void namesOfSysctlsHaveDotsOrSlashesBetweenTheirParts() {
        assertThat(mistakes(sysctls("kernel.shm_rmid_forced", "kernel/shmmax", "safe-and-unsafe")))
                .isEmpty();
        assertThat(mistakes(sysctls("foo-", "bar..", "a".repeat(254))))
                .satisfiesExactly(
                        foo -> assertThat(foo)
                                .isEqualTo(
                                        "spec.securityContext.sysctls[0].name: Invalid value: \"foo-\": must have at most"
                                                + " 253 characters and match regex"
                                                + " ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$"),
                        bar -> assertThat(bar).contains("sysctls[1].name: Invalid value: \"bar..\""),
                        tooLong -> assertThat(tooLong).contains("sysctls[2].name: Invalid value"));
    }

    @Test
    void sysctlHasANameAndComesOnce() {
        assertThat(mistakes(sysctls("", "net.a", "net.a")))
                .containsExactly(
                        "spec.securityContext.sysctls[0].name: Required value",
                        "spec.securityContext.sysctls[2].name: Duplicate value: \"net.a\"");
    }

    // What is not the pod's own would be set for the node.
    @Test
    void sysctlOfANamespaceOfTheNodeIsRefused() {
        Doc spec = sysctls("net.ipv4.tcp_syncookies", "kernel/shmmax");

        assertThat(mistakes(spec.with(true, "hostNetwork")))
                .containsExactly("spec.securityContext.sysctls[0].name: Invalid value: \"net.ipv4.tcp_syncookies\":"
                        + " may not be specified when 'hostNetwork' is true");
        assertThat(mistakes(spec.with(true, "hostIPC")))
                .containsExactly("spec.securityContext.sysctls[1].name: Invalid value: \"kernel/shmmax\":"
                        + " may not be specified when 'hostIPC' is true");
    }

    @Test
    void operatingSystemIsOneOfTwo() {
        assertThat(mistakes(SOUND.with("windows", "os", "name"))).isEmpty();
        assertThat(mistakes(SOUND.with("", "os", "name")))
                .containsExactly("spec.os.name: Required value: cannot be empty");
        assertThat(mistakes(SOUND.with("plan9", "os", "name")))
                .containsExactly("spec.os: Unsupported value: \"plan9\": supported values: \"linux\", \"windows\"");
    }
}
