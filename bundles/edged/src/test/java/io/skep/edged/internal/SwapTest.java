package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.message.Operation;
import io.skep.core.api.module.Handover;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ExecResult;
import io.skep.runtime.api.PodRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a new edged goes on with when only edged was replaced. */
class SwapTest {

    private static final ExecResult BAD = new ExecResult(1, "", "no luck");

    @TempDir
    Path data;

    private EdgedFixture edged;
    private Obstinate obstinate;

    @BeforeEach
    void start() {
        edged = new EdgedFixture(data).start();
        obstinate = new Obstinate(edged.runtime);
    }

    private void crash() {
        edged.runtime.exitNamed("web", 1);
        edged.settle();
    }

    private boolean runs() {
        return edged.runtime.running("web").isPresent();
    }

    @Test
    void aCrashLoopBackOffGoesOnWhereItWas() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        crash();
        for (int pause = 10; pause <= 40; pause *= 2) {
            crash();
            edged.advance(Duration.ofSeconds(pause));
        }
        crash();
        edged.advance(Duration.ofSeconds(30));

        edged.swap();

        edged.advance(Duration.ofMillis(49_750));
        assertThat(runs()).isFalse();
        assertThat(edged.waiting("web")).isEqualTo("CrashLoopBackOff");
        edged.advance(Duration.ofMillis(250));
        assertThat(runs()).isTrue();
        assertThat(edged.container("web").number(-1, "restartCount")).isEqualTo(5);
        crash();
        edged.advance(Duration.ofMillis(159_750));
        assertThat(runs()).isFalse();
        edged.advance(Duration.ofMillis(250));
        assertThat(runs()).isTrue();
    }

    // After a restart of the process that is forgiven: then it may have been ours to keep it alive.
    @Test
    void aContainerThatDiedMeanwhileOwesItsPause() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        crash();
        Handover left = edged.module.stop();
        edged.runtime.exitNamed("web", 1);

        edged.module = edged.newModule();
        edged.module.start(edged.context, left);
        edged.bind("process", edged.runtime);

        edged.advance(Duration.ofMillis(9_750));
        assertThat(runs()).isFalse();
        edged.advance(Duration.ofMillis(250));
        assertThat(runs()).isTrue();
    }

    // The job goes on in the runtime while nobody waits for it any more.
    @Test
    void aStartUnderWayIsNeitherDoneTwiceNorForgotten() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.runtime.onStart(config -> {
            edged.runtime.onStart(later -> OptionalInt.empty());
            Handover left = edged.module.stop();
            edged.module = edged.newModule();
            edged.module.bindRuntime(edged.runtime, java.util.Map.of("runtime.name", "process"));
            edged.module.start(edged.context, left);
            return OptionalInt.empty();
        });
        crash();
        edged.settle();

        assertThat(edged.calls("startContainer")).isEqualTo(2);
        assertThat(edged.container("web").number(-1, "restartCount")).isEqualTo(1);
        crash();
        edged.advance(Duration.ofMillis(9_750));
        assertThat(runs()).isFalse();
        edged.advance(Duration.ofMillis(250));
        assertThat(runs()).isTrue();
    }

    @Test
    void aLivenessProbesFailuresGoOnBeingCountedAtTheSamePace() {
        edged.runtime.onExec((id, command) -> BAD);
        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-1", """
                        {"name":"web","image":"i","livenessProbe":{"exec":{"command":["t"]},"initialDelaySeconds":10,
                         "periodSeconds":10,"failureThreshold":3}}"""), "pod");
        edged.advance(Duration.ofSeconds(26));

        edged.swap();

        edged.advance(Duration.ofMillis(3_750));
        assertThat(edged.calls("stopContainer")).isZero();
        edged.advance(Duration.ofMillis(250));
        assertThat(edged.calls("stopContainer")).isEqualTo(1);
        assertThat(edged.calls("startContainer")).isEqualTo(2);
    }

    @Test
    void aReadinessProbesSuccessesGoOnBeingCounted() {
        edged.push(Operation.INSERT, PodDocs.pod("web", "uid-1", """
                        {"name":"web","image":"i","readinessProbe":{"exec":{"command":["t"]},"periodSeconds":10,
                         "initialDelaySeconds":10,"successThreshold":2}}"""), "pod");
        edged.advance(Duration.ofSeconds(11));
        assertThat(edged.condition("web", "Ready")).isEqualTo("False");

        edged.swap();
        edged.advance(Duration.ofSeconds(10));

        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
    }

    @Test
    void aGraceEndsWhenItWasToEndAndTheContainerIsAskedOnce() {
        PodRuntime runtime = obstinate.runtime();
        edged.swap(runtime);
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.push(Operation.UPDATE, PodDocs.deleting(PodDocs.web(), 30), "pod");
        edged.advance(Duration.ofSeconds(20));

        edged.swap(runtime);

        edged.advance(Duration.ofMillis(9_750));
        assertThat(edged.calls("stopContainer")).isZero();
        edged.advance(Duration.ofMillis(250));
        assertThat(edged.runtime.calls()).anyMatch(c -> c.startsWith("stopContainer") && c.endsWith("0s"));
        assertThat(obstinate.asked()).hasSize(1);
    }

    @Test
    void aSidecarGoesOnWaitingForItsTurn() {
        PodRuntime runtime = obstinate.runtime();
        edged.swap(runtime);
        Doc pod = PodDocs.web()
                .with(
                        List.of(Map.of("name", "side", "image", "i", "restartPolicy", "Always")),
                        "spec",
                        "initContainers");
        edged.push(Operation.INSERT, pod, "pod");
        edged.push(Operation.UPDATE, PodDocs.deleting(pod, 30), "pod");
        edged.advance(Duration.ofSeconds(20));

        edged.swap(runtime);

        edged.advance(Duration.ofSeconds(9));
        assertThat(obstinate.asked()).hasSize(1);
        edged.runtime.exitNamed("web", 0);
        edged.settle();
        assertThat(obstinate.asked()).hasSize(2);
    }

    @Test
    void aPullThatFailedIsTriedAgainWhenItWasTo() {
        edged.runtime.images().absent("app:1");
        edged.runtime.fail("pullImage", new ContainerException(Code.IMAGE_UNAVAILABLE, "no such host"));
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.advance(Duration.ofSeconds(6));

        edged.swap();

        assertThat(edged.waiting("web")).isEqualTo("ImagePullBackOff");
        edged.advance(Duration.ofMillis(3_750));
        assertThat(runs()).isFalse();
        edged.advance(Duration.ofMillis(250));
        assertThat(runs()).isTrue();
    }

    @Test
    void nothingIsSentAgain() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        int before = edged.patches("web").size();

        edged.swap();

        assertThat(edged.patches("web")).hasSize(before);
        assertThat(edged.calls("startContainer")).isEqualTo(1);
    }

    @Test
    void aRecordTheStoreLacksIsTakenOver() {
        edged.push(Operation.INSERT, PodDocs.web(), "pod");
        edged.store.failWrites(true);
        crash();
        Handover left = edged.module.stop();
        edged.store.failWrites(false);

        edged.module = edged.newModule();
        edged.module.start(edged.context, left);
        edged.bind("process", edged.runtime);
        crash();

        edged.advance(Duration.ofMillis(9_750));
        assertThat(runs()).isFalse();
        edged.advance(Duration.ofMillis(250));
        assertThat(runs()).isTrue();
    }

    @Test
    void aHandoverOfAnotherVersionIsRefusedWithAReason() {
        Handover left = new Handover(7, "{}");

        assertThatThrownBy(() -> edged.newModule().start(edged.context, left))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was left version 7");
    }
}
