package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodLifeTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    @Test
    void aPodRunsAndItsStatusGoesUp() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
        assertThat(edged.container("web").text("containerID")).startsWith("fake://");
        assertThat(edged.events()).contains("Pulled", "Created", "Started");
    }

    @Test
    void theFirstStatusSaysContainerCreating() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        Doc first = edged.patches("web").get(0).object("status");
        assertThat(first.objects("containerStatuses").get(0).text("state", "waiting", "reason"))
                .isEqualTo("ContainerCreating");
        assertThat(first.text("phase")).isEqualTo("Pending");
    }

    // The budget for create to Running is made of round trips: two patches are all a plain pod needs.
    @Test
    void aPlainPodSendsTwoPatches() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        assertThat(edged.patches("web")).hasSize(2);
    }

    // As Kubernetes' node controller does with the pods of a node it missed.
    @Test
    void aStatusThatSomebodyElseChangedIsPutRightOnce() {
        Doc pod = PodDocs.web();
        edged.push(Operation.INSERT, pod, "pod");
        Doc ours = edged.status("web");
        Doc shown = pod.with(ours.asMap(), "status").with("10", "metadata", "resourceVersion");
        edged.push(Operation.UPDATE, shown, "pod");
        assertThat(edged.patches("web")).hasSize(2);

        Doc notReady = Doc.of(Map.of("type", "Ready", "status", "False", "reason", "NodeNotReady"));
        List<Object> conditions = ours.objects("conditions").stream()
                .map(c -> (Object) (c.text("type").equals("Ready") ? notReady : c).asMap())
                .toList();
        Doc changed = shown.with(conditions, "status", "conditions").with("11", "metadata", "resourceVersion");
        edged.push(Operation.UPDATE, changed, "pod");

        assertThat(edged.patches("web")).hasSize(3);
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
        edged.push(Operation.UPDATE, changed, "pod");
        assertThat(edged.patches("web")).hasSize(3);
    }

    @Test
    void aCrashingContainerBacksOffTenSecondsDoubling() {
        edged.runtime.onStart(config -> OptionalInt.of(1));

        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        long atOnce = edged.calls("startContainer");
        assertThat(edged.waiting("web")).isEqualTo("CrashLoopBackOff");
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

    // kubectl delete --grace-period=0 --force: the object is gone before the node hears of it.
    @Test
    void aPodDeletedWithoutGraceIsKilledAtOnce() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        edged.push(Operation.DELETE, PodDocs.web(), "pod");

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.calls("stopContainer")).isZero();
        assertThat(edged.calls("removePodSandbox")).isEqualTo(1);
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

    @Test
    void aDeletedPodStopsThenTheCloudIsAskedThenItGoes() {
        Doc pod = PodDocs.web();
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        assertThat(edged.runtime.calls()).anyMatch(c -> c.startsWith("stopContainer") && c.endsWith("7s"));
        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(edged.sent(Operation.DELETE, "default/pod/web"))
                .singleElement()
                .satisfies(m -> {
                    assertThat(Json.object(m.content().json()).text("preconditions", "uid"))
                            .isEqualTo("uid-1");
                    assertThat(Json.object(m.content().json()).number(-1, "gracePeriodSeconds"))
                            .isZero();
                });

        edged.push(Operation.DELETE, PodDocs.deleting(pod, 0), "pod");

        assertThat(edged.calls("removePodSandbox")).isEqualTo(1);
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
        assertThat(data.resolve("pods/uid-1")).doesNotExist();
    }

    @Test
    void deletionIsAskedAgainWhenTheLinkComesBack() {
        Doc pod = PodDocs.web();
        edged.push(Operation.INSERT, pod, "pod");
        edged.connected(false);
        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 7), "pod");

        edged.connected(true);

        assertThat(edged.sent(Operation.DELETE, "default/pod/web")).hasSize(2);
    }

    @Test
    void aForceDeleteKillsAtOnce() {
        Doc pod = PodDocs.web();
        edged.push(Operation.INSERT, pod, "pod");

        edged.push(Operation.DELETE, PodDocs.deleting(pod, 0), "pod");

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.calls("removePodSandbox")).isEqualTo(1);
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
    }

    @Test
    void thePodOfTheSameNameWithAnotherUidReplacesTheOld() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-2", "{\"name\":\"web\",\"image\":\"app:2\"}"), "pod");

        assertThat(edged.store.list("edged", "pod/")).extracting(d -> d.key()).containsExactly("pod/uid-2");
        assertThat(edged.runtime.running("web").orElseThrow().image()).isEqualTo("app:2");
    }

    @Test
    void aPodOfAnUnknownRuntimeWaitsAndStartsWhenItAppears() {
        edged.push(Operation.INSERT, PodDocs.web().with("osgi", "spec", "runtimeClassName"), "pod");

        assertThat(edged.waiting("web")).isEqualTo("RuntimeNotFound");
        assertThat(edged.container("web").text("state", "waiting", "message")).contains("osgi", "process");
        assertThat(edged.events()).contains("FailedCreatePodSandBox");

        var other = new io.skep.runtime.api.FakePodRuntime(edged.context.clock());
        edged.bind("osgi", other);

        assertThat(other.running("web")).isPresent();
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void aMissingConfigMapHoldsTheContainerUntilItComes() {
        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-1", """
                        {"name":"web","image":"i","env":[{"name":"A","valueFrom":
                          {"configMapKeyRef":{"name":"cfg","key":"a"}}}]}"""), "pod");
        assertThat(edged.waiting("web")).isEqualTo("CreateContainerConfigError");
        assertThat(edged.container("web").text("state", "waiting", "message")).isEqualTo("configmap \"cfg\" not found");

        edged.push(Operation.INSERT, PodDocs.configMap("cfg", Map.of("a", "1")), "configmap");

        String id = edged.runtime.running("web").orElseThrow().id();
        assertThat(edged.runtime.config(id).program().env())
                .extracting(v -> v.name() + "=" + v.value())
                .contains("A=1");
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void aMountedConfigMapFollowsItsChanges() throws Exception {
        edged.push(Operation.INSERT, PodDocs.configMap("cfg", Map.of("greeting", "hello")), "configmap");
        Doc pod = PodDocs.pod(
                        "web",
                        "uid-1",
                        "{\"name\":\"web\",\"image\":\"i\",\"volumeMounts\":[{\"name\":\"v\",\"mountPath\":\"/cfg\"}]}")
                .with(List.of(Map.of("name", "v", "configMap", Map.of("name", "cfg"))), "spec", "volumes");
        edged.push(Operation.INSERT, pod, "pod");
        Path file = data.resolve("pods/uid-1/volumes/kubernetes.io~configmap/v/greeting");
        assertThat(Files.readString(file)).isEqualTo("hello");

        edged.push(Operation.UPDATE, PodDocs.configMap("cfg", Map.of("greeting", "bonjour")), "configmap");

        assertThat(Files.readString(file)).isEqualTo("bonjour");
        assertThat(edged.calls("startContainer")).isEqualTo(1);
    }

    @Test
    void aPodWithAMissingVolumeSourceWaitsAndSaysWhy() {
        Doc pod = PodDocs.web()
                .with(List.of(Map.of("name", "v", "secret", Map.of("secretName", "s"))), "spec", "volumes");

        edged.push(Operation.INSERT, pod, "pod");

        assertThat(edged.waiting("web")).isEqualTo("ContainerCreating");
        assertThat(edged.events()).contains("FailedMount");
        assertThat(edged.calls("runPodSandbox")).isZero();
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

    @Test
    void aDeadlineFailsThePod() {
        edged.push(Operation.INSERT, PodDocs.web().with(60, "spec", "activeDeadlineSeconds"), "pod");

        edged.advance(Duration.ofSeconds(61));

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(edged.status("web").text("reason")).isEqualTo("DeadlineExceeded");
        assertThat(edged.runtime.running("web")).isEmpty();
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
        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.container("web").number(-1, "restartCount")).isEqualTo(1);
    }
}
