package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.core.api.message.Operation;
import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.Doc;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new edged makes of what the old one left. */
class RestartTest {

    @TempDir
    Path data;

    private EdgedFixture edged;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
    }

    // "Status agrees, nothing restarted": the promise of the autonomy story.
    @Test
    void runningContainersAreAdoptedAndNothingIsSentAgain() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        String before = edged.runtime.running("web").orElseThrow().id();

        edged.restart();

        assertThat(edged.runtime.running("web").orElseThrow().id()).isEqualTo(before);
        assertThat(edged.calls("startContainer")).isEqualTo(1);
        assertThat(edged.patches("web")).isEmpty();
    }

    @Test
    void readinessSurvivesTheRestartUntilTheProbeSpeaks() {
        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-1", """
                        {"name":"web","image":"i","readinessProbe":{"exec":{"command":["ok"]},"periodSeconds":5}}"""), "pod");
        edged.advance(Duration.ofSeconds(1));
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");

        edged.restart();
        edged.advance(Duration.ofSeconds(6));

        assertThat(edged.patches("web")).isEmpty();
    }

    @Test
    void aContainerThatDiedMeanwhileStartsAtOnceThoughItCrashedBefore() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.runtime.exitNamed("web", 1);
        edged.settle();
        edged.module.stop();
        edged.runtime.exitNamed("web", 137);

        edged.restart();

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.container("web").number(-1, "restartCount")).isEqualTo(2);
    }

    @Test
    void aBackOffUnderWayIsKept() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.runtime.exitNamed("web", 1);
        edged.settle();
        edged.runtime.exitNamed("web", 1);
        edged.settle();
        assertThat(edged.waiting("web")).isEqualTo("CrashLoopBackOff");

        edged.restart();
        assertThat(edged.runtime.running("web")).isEmpty();
        edged.advance(Duration.ofSeconds(11));

        assertThat(edged.runtime.running("web")).isPresent();
    }

    // The machine started anew: the runtime has nothing left, or only dead sandboxes.
    @Test
    void afterTheMachineStartedAnewPodsRunAgainFromTheStoreAlone() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.connected(false);
        edged.runtime.forgetAll();

        edged.restart();

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.container("web").number(-1, "restartCount")).isEqualTo(1);
        assertThat(edged.container("web").text("lastState", "terminated", "reason"))
                .isEqualTo("ContainerStatusUnknown");
    }

    @Test
    void aPodThatMustNotRestartFailsAfterTheMachineDid() {
        edged.push(Operation.INSERT, PodDocs.web().with("Never", "spec", "restartPolicy"), "pod");
        edged.runtime.forgetAll();

        edged.restart();

        assertThat(edged.status("web").text("phase")).isEqualTo("Failed");
        assertThat(edged.calls("runPodSandbox")).isEqualTo(1);
    }

    @Test
    void anEmptyAnswerAboutOnePodRemovesNothing() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.objects.clear();
        edged.online = false;

        edged.restart();

        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.store.list("edged", "pod/")).hasSize(1);
    }

    @Test
    void aFailedListRemovesNothingAndIsAskedAgain() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.listFails = true;

        edged.restart();
        assertThat(edged.runtime.running("web")).isPresent();
        edged.listFails = false;
        edged.advance(Duration.ofSeconds(3));
        edged.push(Operation.DELETE, PodDocs.deleting(PodDocs.web(), 0), "pod");

        assertThat(edged.runtime.running("web")).isEmpty();
    }

    // MetaManager commits a delete before it passes it on; edged was down in between.
    @Test
    void aPodDeletedWhileEdgedWasAwayGoesOnMetaManagersWord() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.objects.clear();

        edged.restart();

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
    }

    @Test
    void aDeleteUnderWayIsFinished() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.runtime.available(false);
        edged.push(Operation.DELETE, PodDocs.deleting(PodDocs.web(), 0), "pod");
        assertThat(edged.store.list("edged", "pod/")).hasSize(1);
        edged.runtime.available(true);

        edged.restart();

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
    }

    // The process ended between the last two steps of a removal: nothing but its cgroup is left, which no sandbox tells
    // of.
    @Test
    void aPodWhoseSandboxWentJustBeforeIsClearedToo() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.objects.clear();
        edged.runtime.forgetAll();

        edged.restart();

        assertThat(edged.runtime.calls()).contains("clearPod poduid-1 burstable/poduid-1 besteffort/poduid-1");
        assertThat(edged.store.list("edged", "pod/")).isEmpty();
    }

    @Test
    void aPodWithoutARecordKeepsRunningAndIsAdoptedWhenTheCloudSendsIt() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        Doc pod = PodDocs.web();
        edged.objects.clear();
        edged.store.list("edged", "pod/").forEach(d -> edged.store.delete("edged", d.key(), DocumentStore.ANY));

        edged.restart();
        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.module.samples())
                .filteredOn(s -> s.name().equals("skep_pods_orphans"))
                .allSatisfy(s -> assertThat(s.value()).isEqualTo(1));
        edged.push(Operation.INSERT, pod, "pod");

        assertThat(edged.calls("startContainer")).isEqualTo(1);
        assertThat(edged.status("web").text("phase")).isEqualTo("Running");
    }

    @Test
    void aPodWithoutARecordGoesWhenTheCloudDeletesIt() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.objects.clear();
        edged.store.list("edged", "pod/").forEach(d -> edged.store.delete("edged", d.key(), DocumentStore.ANY));
        edged.restart();

        Doc garbage = Doc.of(Map.of("metadata", Map.of("name", "web", "namespace", "default", "uid", "uid-1")));
        edged.push(Operation.DELETE, garbage, "pod");

        assertThat(edged.runtime.running("web")).isEmpty();
        assertThat(edged.runtime.calls()).anyMatch(c -> c.startsWith("removePodSandbox"));
    }

    @Test
    void aChangedImageRestartsTheContainer() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");

        edged.push(Operation.UPDATE, PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"app:2\"}"), "pod");

        assertThat(edged.runtime.running("web").orElseThrow().image()).isEqualTo("app:2");
        assertThat(edged.events()).contains("Killing");
    }

    @Test
    void aRuntimeThatIsReplacedFindsItsPodsAgain() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.module.unbindRuntime(edged.runtime, Map.of("runtime.name", "process"));
        edged.settle();

        edged.bind("process", edged.runtime);

        assertThat(edged.calls("startContainer")).isEqualTo(1);
        assertThat(List.of(edged.runtime.running("web").isPresent())).containsExactly(true);
    }

    @Test
    void aContainerMissedByEventsIsFoundByTheRelist() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        String id = edged.runtime.running("web").orElseThrow().id();
        edged.runtime.forgetAll();

        edged.advance(Duration.ofSeconds(61));

        assertThat(edged.runtime.running("web"))
                .isPresent()
                .get()
                .satisfies(c -> assertThat(c.id()).isNotEqualTo(id));
    }
}
