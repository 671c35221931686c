package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerEvent.Type;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodRuntime.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What our own calls end is told by their return, whatever the engine says of it. */
class EndingTest extends OnFakeCri {

    private final List<ContainerEvent> told = new CopyOnWriteArrayList<>();
    private Subscription subscription;
    private String id;
    private String sandbox;
    private int before;

    /** Logs are not looked after, which takes calls, too. */
    EndingTest() {
        super(SHORT, new LogLimits(4096, 3, Duration.ofHours(1)));
    }

    @BeforeEach
    void listen() throws Exception {
        subscription = runtime.subscribe(told::add);
        Eventually.holds("it listens", () -> cri.engine().listeners() == 1);
        cri.engine().loseEvents(true);
        id = FakePods.running(runtime, "web", folder);
        sandbox = runtime.containerStatus(id).orElseThrow().sandboxId();
        before = cri.calls().size();
    }

    @AfterEach
    void hush() {
        subscription.close();
    }

    /** The calls a test made, without the listings that come and go by themselves. */
    private List<String> calls() {
        return cri.calls().stream()
                .skip(before)
                .filter(method -> !method.startsWith("List") && !method.equals("Version"))
                .toList();
    }

    private void isTold(String of, Type type) {
        Eventually.holds(
                type + " is told of " + of,
                () -> told.stream().anyMatch(e -> e.containerId().equals(of) && e.type() == type));
    }

    @Test
    void containerThatIsStoppedIsNotLookedAt() throws Exception {
        runtime.stopContainer(id, Duration.ZERO);

        isTold(id, Type.STOPPED);
        assertThat(calls()).containsExactly("StopContainer");
    }

    @Test
    void containerThatIsRemovedIsNotLookedAtAgain() throws Exception {
        runtime.removeContainer(id);

        isTold(id, Type.DELETED);
        assertThat(calls()).containsExactly("ContainerStatus", "StopContainer", "RemoveContainer");
    }

    @Test
    void sandboxThatIsStoppedIsNotLookedAtNorWhatWasInIt() throws Exception {
        runtime.stopPodSandbox(sandbox);

        isTold(id, Type.STOPPED);
        isTold(sandbox, Type.STOPPED);
        assertThat(calls()).containsExactly("StopContainer", "StopPodSandbox");
    }

    // It may have come true all the same.
    @Test
    void whatAFailedCallWasToEndIsLookedAt() {
        cri.engine().exit(id, 137);
        cri.fail("StopContainer", Status.UNKNOWN);

        assertThatThrownBy(() -> runtime.stopContainer(id, Duration.ZERO)).isInstanceOf(ContainerException.class);

        isTold(id, Type.STOPPED);
    }

    /** It would take the pod's network down twice, which costs as much as the first time. */
    @Test
    void sandboxThatContainerdRemovesIsNotStoppedBefore() throws Exception {
        cri.engine().call("containerd");

        runtime.removePodSandbox(sandbox);

        isTold(id, Type.DELETED);
        isTold(sandbox, Type.DELETED);
        assertThat(calls()).endsWith("RemovePodSandbox").doesNotContain("StopContainer", "StopPodSandbox");
    }

    @Test
    void sandboxOfAnotherEngineIsStoppedBeforeItIsRemoved() throws Exception {
        runtime.removePodSandbox(sandbox);

        isTold(sandbox, Type.DELETED);
        assertThat(calls()).endsWith("StopContainer", "StopPodSandbox", "RemovePodSandbox");
    }
}
