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

    private static Doc tolerating(Map<String, Object> toleration) {
        return SOUND.with(List.of(toleration), "tolerations");
    }

    @Test
    void tolerationFitsATaint() {
        assertThat(mistakes(SOUND.with(
                        List.of(
                                Map.of("operator", "Exists"),
                                Map.of("key", "a", "value", "b", "effect", "NoExecute", "tolerationSeconds", 5)),
                        "tolerations")))
                .isEmpty();
        assertThat(mistakes(tolerating(Map.of("key", "a", "operator", "Equals", "effect", "NoRun"))))
                .containsExactly(
                        "spec.tolerations[0].operator: Unsupported value: \"Equals\": supported values: \"Equal\","
                                + " \"Exists\"",
                        "spec.tolerations[0].effect: Unsupported value: \"NoRun\": supported values: \"NoSchedule\","
                                + " \"PreferNoSchedule\", \"NoExecute\"");
        assertThat(mistakes(tolerating(Map.of("tolerationSeconds", 5))))
                .containsExactly(
                        "spec.tolerations[0].operator: Invalid value: \"\": operator must be Exists when `key` is empty,"
                                + " which means \"match all values and all keys\"",
                        "spec.tolerations[0].effect: Invalid value: \"\": effect must be 'NoExecute' when"
                                + " `tolerationSeconds` is set");
        assertThat(mistakes(tolerating(Map.of("key", "a", "operator", "Exists", "value", "x"))))
                .containsExactly(
                        "spec.tolerations[0].operator: Invalid value: \"x\": value must be empty when `operator`"
                                + " is 'Exists'");
    }

    private static Doc container(Map<String, Object> fields) {
        Doc sound = SOUND.objects("containers").get(0);
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            sound = sound.with(field.getValue(), field.getKey());
        }
        return SOUND.with(List.of(sound), "containers");
    }

    private static Doc variable(String fieldPath) {
        Map<String, Object> from = Map.of("fieldRef", Map.of("apiVersion", "v1", "fieldPath", fieldPath));
        return container(Map.of("env", List.of(Map.of("name", "A", "valueFrom", from))));
    }

    @Test
    void variableShowsAFieldThatPodsHave() {
        for (String field : List.of("status.podIP", "metadata.labels['app']", "metadata.annotations['x.io/Y']")) {
            assertThat(mistakes(variable(field))).isEmpty();
        }
        String at = "spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: ";
        assertThat(mistakes(variable(""))).containsExactly(at + "Required value");
        assertThat(mistakes(variable("metadata.nam")))
                .containsExactly(at + "Invalid value: \"metadata.nam\": error converting fieldPath: field label not"
                        + " supported: metadata.nam");
        assertThat(mistakes(variable("status['a']")))
                .containsExactly(at + "Invalid value: \"status['a']\": error converting fieldPath: field label does not"
                        + " support subscript: status['a']");
        assertThat(mistakes(variable("metadata.labels")).get(0)).startsWith(at + "Unsupported value");
    }

    @Test
    void idsAreUnixIdsAndPrivilegeIsNotForbiddenAndGranted() {
        Map<String, Object> context =
                Map.of("runAsUser", -1, "runAsGroup", 0, "privileged", true, "allowPrivilegeEscalation", false);

        assertThat(mistakes(container(Map.of("securityContext", context))))
                .satisfiesExactly(
                        id -> assertThat(id)
                                .isEqualTo("spec.containers[0].securityContext.runAsUser: Invalid value: -1: must be"
                                        + " between 0 and 2147483647, inclusive"),
                        privilege -> assertThat(privilege)
                                .endsWith("cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
        assertThat(mistakes(SOUND.with(1L << 31, "securityContext", "fsGroup")))
                .containsExactly("spec.securityContext.fsGroup: Invalid value: 2147483648: must be between 0 and"
                        + " 2147483647, inclusive");
    }

    @Test
    void portInTheHostsNetworkIsThatOfTheHost() {
        Map<String, Object> port = Map.of("containerPort", 80, "hostPort", 81, "protocol", "TCP");

        assertThat(mistakes(container(Map.of("ports", List.of(port))))).isEmpty();
        assertThat(mistakes(container(Map.of("ports", List.of(port))).with(true, "hostNetwork")))
                .containsExactly(
                        "spec.containers[0].ports[0].containerPort: Invalid value: 80: must match `hostPort` when"
                                + " `hostNetwork` is true");
    }

    @Test
    void resourceIsAKnownOneOrSomebodys() {
        Map<String, Object> amounts = Map.of("cpu", "1", "hugepages-2Mi", "2Mi", "x.io/gpu", "1");
        assertThat(mistakes(container(Map.of("resources", Map.of("limits", amounts)))))
                .isEmpty();
        assertThat(mistakes(container(Map.of("resources", Map.of("limits", Map.of("cpus", "1"))))))
                .containsExactly(
                        "spec.containers[0].resources.limits[cpus]: Invalid value: \"cpus\": must be a standard resource"
                                + " type or fully qualified",
                        "spec.containers[0].resources.limits[cpus]: Invalid value: \"cpus\": must be a standard resource"
                                + " for containers");
    }

    @Test
    void namesOfTheHostAreLabels() {
        assertThat(mistakes(SOUND.with("web-0", "hostname").with("web", "subdomain")))
                .isEmpty();
        assertThat(mistakes(SOUND.with("web.0", "hostname")).get(0))
                .startsWith("spec.hostname: Invalid value: \"web.0\"");
    }
}
