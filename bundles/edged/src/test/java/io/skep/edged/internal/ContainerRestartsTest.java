package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ExecResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which containers are started again, when, and which never. */
class ContainerRestartsTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    @Test
    void aCrashingContainerBacksOffTenSecondsDoubling() {
        edged.runtime.onStart(config -> OptionalInt.of(1));

        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        long atOnce = edged.calls("startContainer");
        assertThat(edged.waiting("web")).isEqualTo("CrashLoopBackOff");
        assertThat(edged.events("message"))
                .containsOnlyOnce("Back-off restarting failed container web in pod web_default(uid-1)");
        edged.advance(Duration.ofSeconds(9));
        long before = edged.calls("startContainer");
        edged.advance(Duration.ofSeconds(2));
        long after = edged.calls("startContainer");
        edged.advance(Duration.ofSeconds(18));
        long stillWaiting = edged.calls("startContainer");
        edged.advance(Duration.ofSeconds(3));

        assertThat(List.of(atOnce, before, after, stillWaiting, edged.calls("startContainer")))
                .containsExactly(2L, 2L, 3L, 3L, 4L);
        assertThat(edged.container("web").number(-1, "restartCount")).isEqualTo(3);
        assertThat(edged.container("web").text("lastState", "terminated", "reason"))
                .isEqualTo("Error");
    }

    @Test
    void backOffIsForgottenAfterTenQuietMinutes() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.runtime.exitNamed("web", 1);
        edged.settle();
        edged.advance(Duration.ofMinutes(11));

        edged.runtime.exitNamed("web", 1);
        edged.settle();

        assertThat(edged.runtime.running("web")).isPresent();
    }

    /** An image that was mended need not wait for what the broken one did. */
    @Test
    void aNewImageStartsAtOnceAndPaysNoneOfTheFormersBackOff() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.runtime.exitNamed("web", 1);
        edged.settle();
        edged.runtime.exitNamed("web", 1);
        edged.advance(Duration.ofSeconds(10));
        edged.runtime.exitNamed("web", 1);
        edged.settle();
        assertThat(edged.waiting("web")).isEqualTo("CrashLoopBackOff");

        edged.push(Operation.UPDATE, PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"app:2\"}"), "pod");
        assertThat(edged.runtime.running("web").orElseThrow().image()).isEqualTo("app:2");

        edged.runtime.exitNamed("web", 1);
        edged.advance(Duration.ofSeconds(10));
        assertThat(edged.runtime.running("web")).isPresent();
    }

    @Test
    void anOutOfMemoryKillKeepsItsReason() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        String id = edged.runtime.running("web").orElseThrow().id();

        edged.runtime.exit(id, 137, "OOMKilled", "");
        edged.settle();

        assertThat(edged.container("web").text("lastState", "terminated", "reason"))
                .isEqualTo("OOMKilled");
        assertThat(edged.container("web").number(-1, "restartCount")).isEqualTo(1);
    }

    @Test
    void aLostSandboxIsReplacedAndTheContainerRestarted() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        String sandbox = edged.runtime.running("web").orElseThrow().sandboxId();

        edged.runtime.killSandbox(sandbox);
        edged.settle();

        assertThat(edged.calls("runPodSandbox")).isEqualTo(2);
        assertThat(edged.events()).containsOnlyOnce("SandboxChanged");
        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.container("web").number(-1, "restartCount")).isEqualTo(1);
    }

    @Test
    void neverMeansSucceededOrFailed() {
        Doc never = PodDocs.web().with("Never", "spec", "restartPolicy");
        edged.push(Operation.INSERT, never, "pod");
        edged.runtime.exitNamed("web", 3);
        edged.settle();

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(edged.container("web").text("state", "terminated", "reason")).isEqualTo("Error");
        assertThat(edged.calls("startContainer")).isEqualTo(1);
        assertThat(edged.calls("stopPodSandbox")).isEqualTo(1);
    }

    @Test
    void onFailureEndsAfterSuccess() {
        Doc onFailure = PodDocs.web().with("OnFailure", "spec", "restartPolicy");
        edged.push(Operation.INSERT, onFailure, "pod");
        edged.runtime.exitNamed("web", 1);
        edged.settle();
        edged.runtime.exitNamed("web", 0);
        edged.settle();

        assertThat(edged.status("web").text("phase")).isEqualTo("Succeeded");
        assertThat(edged.container("web").text("state", "terminated", "reason")).isEqualTo("Completed");
        assertThat(edged.condition("web", "Ready")).isEqualTo("False");
    }

    private Doc exitsWell(String policy, String fields) {
        edged.runtime.stopExitCode(0);
        Doc pod = PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"app:1\"" + fields + "}")
                .with(policy, "spec", "restartPolicy");
        edged.push(Operation.INSERT, pod, "pod");
        return pod;
    }

    @Test
    void aNewImageStartsWhateverTheRestartPolicy() {
        Doc pod = exitsWell("Never", "");

        edged.push(Operation.UPDATE, newImage(pod, "containers"), "pod");

        assertThat(edged.runtime.running("web").orElseThrow().image()).isEqualTo("app:2");
        assertThat(edged.container("web").number(0, "restartCount")).isEqualTo(1);
        edged.runtime.exitNamed("web", 1);
        edged.settle();
        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
    }

    private static Doc newImage(Doc pod, String list) {
        return pod.with(List.of(Map.of("name", "web", "image", "app:2")), "spec", list)
                .with("6", "metadata", "resourceVersion");
    }

    @Test
    void aContainerThatDoesNotLiveAnyMoreIsRestartedHoweverItEnds() {
        edged.runtime.onExec((id, command) -> new ExecResult(1, "", ""));
        exitsWell("OnFailure", ",\"livenessProbe\":{\"exec\":{\"command\":[\"h\"]},\"failureThreshold\":1}");

        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.container("web").number(0, "restartCount")).isEqualTo(1);
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void anInitContainerEndsWithTheImageItBeganWith() {
        Doc pod = PodDocs.pod("web", "uid-1", "{\"name\":\"app\",\"image\":\"i\"}")
                .with(List.of(Map.of("name", "web", "image", "app:1")), "spec", "initContainers");
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.UPDATE, newImage(pod, "initContainers"), "pod");

        assertThat(edged.calls("stopContainer")).isZero();
        assertThat(edged.status("web").objects("initContainerStatuses").get(0).text("image"))
                .isEqualTo("app:1");
    }

    @Test
    void aPodThatIsInitializedAgainIsPending() {
        Doc pod = PodDocs.web().with(List.of(Map.of("name", "one", "image", "i")), "spec", "initContainers");
        edged.push(Operation.INSERT, pod, "pod");
        edged.runtime.exitNamed("one", 0);
        edged.settle();
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");

        edged.runtime.killSandbox(edged.runtime.running("web").orElseThrow().sandboxId());
        edged.settle();

        assertThat(edged.runtime.running("one")).isPresent();
        assertThat(edged.status("web").text("phase")).isEqualTo("Pending");
    }
}
