package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.kube.api.Doc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that run before, beside and in what a pod is for. */
class ContainerKindsTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    @Test
    void initContainersRunInOrderBeforeTheApp() {
        Doc pod = PodDocs.web()
                .with(
                        List.of(Map.of("name", "one", "image", "i"), Map.of("name", "two", "image", "i")),
                        "spec",
                        "initContainers");
        edged.push(Operation.INSERT, pod, "pod");
        assertThat(edged.waiting("web")).isEqualTo("PodInitializing");
        assertThat(edged.runtime.running("two")).isEmpty();
        edged.runtime.exitNamed("one", 0);
        edged.settle();
        assertThat(edged.runtime.running("web")).isEmpty();
        edged.runtime.exitNamed("two", 0);
        edged.settle();

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.condition("web", "Initialized")).isEqualTo("True");
        assertThat(edged.calls("startContainer")).isEqualTo(3);
    }

    @Test
    void aFailedInitContainerIsTriedAgainWithBackOff() {
        Doc pod = PodDocs.web().with(List.of(Map.of("name", "one", "image", "i")), "spec", "initContainers");
        edged.push(Operation.INSERT, pod, "pod");
        edged.runtime.exitNamed("one", 1);
        edged.settle();
        edged.runtime.exitNamed("one", 1);
        edged.settle();

        assertThat(edged.status("web").objects("initContainerStatuses").get(0).text("state", "waiting", "reason"))
                .isEqualTo("CrashLoopBackOff");
        assertThat(edged.status("web").text("phase")).isEqualTo("Pending");
    }

    @Test
    void aSidecarRunsBesideTheAppAndEndsLast() {
        Doc pod = PodDocs.web()
                .with(
                        List.of(Map.of("name", "side", "image", "i", "restartPolicy", "Always")),
                        "spec",
                        "initContainers")
                .with("Never", "spec", "restartPolicy");
        edged.push(Operation.INSERT, pod, "pod");
        assertThat(edged.runtime.running("side")).isPresent();
        assertThat(edged.runtime.running("web")).isPresent();

        edged.runtime.exitNamed("web", 0);
        edged.settle();

        assertThat(edged.runtime.running("side")).isEmpty();
        assertThat(edged.status("web").text("phase")).isEqualTo("Succeeded");
    }

    private static Doc debugged(Doc pod) {
        return pod.with(
                        List.of(Map.of("name", "debug", "image", "tools:1", "targetContainerName", "web")),
                        "spec",
                        "ephemeralContainers")
                .with("6", "metadata", "resourceVersion");
    }

    @Test
    void anEphemeralContainerLooksIntoTheRunningPodAndStartsOnlyOnce() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        String web = edged.runtime.running("web").orElseThrow().id();

        edged.push(Operation.UPDATE, debugged(PodDocs.web()), "pod");

        String debug = edged.runtime.running("debug").orElseThrow().id();
        assertThat(edged.runtime.config(debug).linux().processesOf()).isEqualTo(web);
        assertThat(edged.runtime.running("web").orElseThrow().id()).isEqualTo(web);
        edged.runtime.exitNamed("debug", 1);
        edged.advance(Duration.ofMinutes(1));
        Doc status = edged.status("web").objects("ephemeralContainerStatuses").get(0);
        assertThat(status.number(0, "state", "terminated", "exitCode")).isEqualTo(1);
        assertThat(edged.runtime.running("debug")).isEmpty();
        assertThat(status.flag(true, "ready")).isFalse();
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
    }

    @Test
    void anEphemeralContainerDoesNotKeepAPodThatIsDone() {
        Doc pod = PodDocs.web().with("Never", "spec", "restartPolicy");
        edged.push(Operation.INSERT, pod, "pod");
        edged.push(Operation.UPDATE, debugged(pod), "pod");

        edged.runtime.exitNamed("web", 0);
        edged.settle();

        assertThat(edged.status("web").text("phase")).isEqualTo("Succeeded");
        assertThat(edged.runtime.running("debug")).isEmpty();
    }
}
