package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleNames;
import io.skep.edged.internal.link.Json;
import io.skep.edged.internal.spec.SysctlAllowlist;
import io.skep.kube.api.Doc;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that no scheduler would have sent here, and what kubelet says of them. */
class AdmissionTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    private void assertRejected(Doc pod, String reason, String message) {
        edged.push(Operation.INSERT, pod, "pod");

        Doc status = edged.status(pod.text("metadata", "name"));
        assertThat(status.text("phase")).isEqualTo("Failed");
        assertThat(status.text("reason")).isEqualTo(reason);
        assertThat(status.text("message")).isEqualTo("Pod was rejected: " + message);
        assertThat(edged.context.sentTo(ModuleNames.META_MANAGER).stream()
                        .filter(m -> m.route().resource().contains("/event/"))
                        .map(m -> Json.object(m.content().json()))
                        .filter(event -> event.text("reason").equals(reason)))
                .singleElement()
                .satisfies(event -> assertThat(event.text("message")).isEqualTo(message));
    }

    private void assertRuns(Doc pod) {
        edged.push(Operation.INSERT, pod, "pod");

        assertThat(edged.status(pod.text("metadata", "name")).text("phase")).isEqualTo("Running");
    }

    private static Doc sysctls(String... names) {
        return PodDocs.web()
                .with(
                        List.of(names).stream()
                                .map(name -> Map.of("name", name, "value", "1"))
                                .toList(),
                        "spec",
                        "securityContext",
                        "sysctls");
    }

    @Test
    void podOfAnotherSystemIsRejected() {
        assertRejected(
                PodDocs.web().with("windows", "spec", "os", "name"),
                "PodOSNotSupported",
                "Failed to admit pod as the OS field doesn't match node OS");
        assertThat(edged.calls("runPodSandbox")).isZero();
    }

    @Test
    void podOfThisSystemRuns() {
        assertRuns(PodDocs.web()
                .with("linux", "spec", "os", "name")
                .with(Map.of("kubernetes.io/os", "linux"), "metadata", "labels")
                .with(Map.of("kubernetes.io/os", "linux"), "spec", "nodeSelector"));
    }

    @Test
    void podLabelledForAnotherSystemIsRejected() {
        assertRejected(
                PodDocs.web().with(Map.of("kubernetes.io/os", "windows"), "metadata", "labels"),
                "PodOSSelectorNodeLabelDoesNotMatch",
                "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label");
    }

    @Test
    void podThatSelectsAnotherNodeIsRejected() {
        assertRejected(
                PodDocs.web().with(Map.of("kubernetes.io/os", "windows"), "spec", "nodeSelector"),
                "NodeAffinity",
                "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector");
    }

    // Whoever labels a node does so in the cloud, and the scheduler has seen it.
    @Test
    void labelOnlyTheCloudKnowsKeepsNoPodOut() {
        assertRuns(PodDocs.web().with(Map.of("disk", "fast"), "spec", "nodeSelector"));
    }

    @Test
    void portOfTheNodeIsTakenOnce() {
        String container =
                "{\"name\":\"c\",\"image\":\"i\",\"ports\":[{\"containerPort\":80,\"hostPort\":%d,\"hostIP\":\"%s\"}]}";
        assertRuns(PodDocs.pod("one", "uid-1", container.formatted(8080, "192.0.2.10")));
        assertRuns(PodDocs.pod("two", "uid-2", container.formatted(8080, "127.0.0.1")));

        assertRejected(
                PodDocs.pod("three", "uid-3", container.formatted(8080, "0.0.0.0")),
                "NodePorts",
                "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports");
    }

    @Test
    void safeSysctlsReachTheRuntimeWithDots() {
        assertRuns(sysctls("kernel/shm_rmid_forced", "net.ipv4.tcp_syncookies"));

        assertThat(edged.runtime.sandboxConfig("sandbox-1").linux().sysctls())
                .isEqualTo(Map.of("kernel.shm_rmid_forced", "1", "net.ipv4.tcp_syncookies", "1"));
    }

    @Test
    void unsafeSysctlIsForbidden() {
        assertRejected(
                sysctls("kernel.shm_rmid_forced", "kernel.msgmax"),
                "SysctlForbidden",
                "forbidden sysctl: \"kernel.msgmax\" not allowlisted");
        assertThat(edged.calls("runPodSandbox")).isZero();
    }

    @Test
    void unsafeSysctlIsNoLongerForbiddenOnceAllowed() {
        edged.sysctls = SysctlAllowlist.of("kernel.msg*");
        edged.swap();

        assertRuns(sysctls("kernel.msgmax"));
    }

    @Test
    void aPodThatAsksForMoreThanTheNodeHasIsRejectedAndTheNextOneFits() {
        edged.push(
                Operation.INSERT,
                PodDocs.pod(
                        "big",
                        "uid-1",
                        "{\"name\":\"c\",\"image\":\"app:1\",\"resources\":{\"requests\":{\"cpu\":\"10000\"}}}"),
                "pod");
        edged.push(
                Operation.INSERT,
                PodDocs.pod(
                        "small",
                        "uid-2",
                        "{\"name\":\"c\",\"image\":\"app:1\",\"resources\":{\"requests\":{\"cpu\":\"1m\"}}}"),
                "pod");

        assertThat(edged.status("big").text("phase")).isEqualTo("Failed");
        assertThat(edged.status("big").text("reason")).isEqualTo("OutOfcpu");
        assertThat(edged.status("big").text("message"))
                .startsWith("Pod was rejected: Node didn't have enough resource: cpu, requested: 10000000, used: 0");
        assertThat(edged.status("small").text("phase")).isEqualTo("Running");
    }

    // kubectl prints a waiting container's reason before the pod's: a rejected pod must not seem to be starting.
    @Test
    void podsBeyondTheNodesNumberAreRejectedAndNothingOfThemWaits() {
        for (int i = 0; i < 4; i++) {
            edged.push(Operation.INSERT, PodDocs.pod("p" + i, "uid-" + i, "{\"name\":\"c\",\"image\":\"i\"}"), "pod");
        }

        assertThat(edged.status("p2").text("phase")).isEqualTo("Running");
        assertThat(edged.status("p3").text("phase")).isEqualTo("Failed");
        assertThat(edged.status("p3").text("reason")).isEqualTo("OutOfpods");
        assertThat(edged.status("p3").has("containerStatuses")).isFalse();
    }
}
