package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.ImageSpec;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.Execution;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Where CRI-O is stricter than containerd, or says less. */
class CrioTest extends OnFakeCri {

    CrioTest() {
        super(SHORT);
    }

    @Test
    void imageIsNamedAsItsAuthorDid() throws Exception {
        ContainerConfig plain = FakePods.container("web");
        ContainerConfig pulled = new ContainerConfig(
                plain.metadata(),
                new ImageSpec("sha256:1234", "app:1"),
                plain.program(),
                plain.mounts(),
                plain.labels(),
                plain.annotations(),
                plain.streams(),
                plain.linux());

        String id = runtime.createContainer(runtime.runPodSandbox(FakePods.pod("web", folder)), pulled);

        assertThat(cri.engine().image(id).getImage()).isEqualTo("sha256:1234");
        assertThat(cri.engine().image(id).getUserSpecifiedImage()).isEqualTo("app:1");
    }

    @Test
    void logHasItsFolderBeforeItsContainerIsMade() throws Exception {
        FakePods.running(runtime, "web", folder);

        assertThat(folder.resolve("logs/web")).isDirectory();
    }

    // It gives an address for any, and refuses only whoever calls there.
    @Test
    void commandIsBegunOnlyInWhatRuns() throws Exception {
        ExecRequest request = new ExecRequest(List.of("/bin/echo"), false, true, true, false);
        String id = FakePods.running(runtime, "web", folder);
        assertThat(runtime.exec(id, request)).isInstanceOf(Execution.Served.class);
        cri.engine().exit(id, 0);

        assertThatThrownBy(() -> runtime.exec(id, request))
                .isInstanceOf(ContainerException.class)
                .hasMessageContaining("not running");
        assertThatThrownBy(() -> runtime.exec("no-such", request))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.NOT_FOUND));
    }

    // It waits for them as long as the call may take, two minutes, where containerd kills them.
    @Test
    void containersOfASandboxThatIsStoppedAreKilledFirst() throws Exception {
        String runs = FakePods.running(runtime, "web", folder);
        String ended = FakePods.running(runtime, "job", folder);
        cri.engine().exit(ended, 0);

        runtime.removePodSandbox(runtime.containerStatus(ended).orElseThrow().sandboxId());
        assertThat(cri.calls()).doesNotContain("StopContainer");
        runtime.stopPodSandbox(runtime.containerStatus(runs).orElseThrow().sandboxId());

        assertThat(cri.calls()).endsWith("StopContainer", "StopPodSandbox");
        assertThat(cri.engine().grace(runs)).isZero();
    }

    @Test
    void containerThatIsRemovedIsKilledFirst() throws Exception {
        String id = FakePods.running(runtime, "web", folder);

        runtime.removeContainer(id);

        assertThat(cri.calls()).containsSubsequence("StopContainer", "RemoveContainer");
        assertThat(cri.engine().grace(id)).isZero();
    }

    // Else it would be asked for them for ever, four times a second, and seem to have been away each time.
    @Test
    void engineThatEndsItsEventsAtOnceServesNoneAndIsListed() throws Exception {
        cri.engine().serveEvents(false);
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        AtomicInteger returns = new AtomicInteger();
        String id = FakePods.running(runtime, "web", folder);
        try (var states = runtime.subscribeInfo(returns::incrementAndGet);
                var changes = runtime.subscribe(told::add)) {
            assertThat(states).isNotNull();
            assertThat(changes).isNotNull();
            for (int round = 0; round < 3; round++) {
                listedAnew();
            }

            cri.engine().exit(id, 3);

            Eventually.holds(
                    "the end is told",
                    () -> told.stream()
                            .anyMatch(e -> e.containerId().equals(id) && e.type() == ContainerEvent.Type.STOPPED));
            assertThat(cri.calls()).containsOnlyOnce("GetContainerEvents");
            assertThat(returns).hasValue(0);
        }
    }

    private void listedAnew() {
        long before = listings();
        Eventually.holds("it is listed", () -> listings() > before);
    }

    private long listings() {
        return cri.calls().stream().filter("ListContainers"::equals).count();
    }

    @Test
    void engineThatComesBackWithoutEventsIsListedAsOftenAsBefore() throws Exception {
        cri.engine().serveEvents(false);
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        AtomicInteger turns = new AtomicInteger();
        try (var states = runtime.subscribeInfo(turns::incrementAndGet);
                var changes = runtime.subscribe(told::add)) {
            assertThat(states).isNotNull();
            assertThat(changes).isNotNull();
            listedAnew();
            cri.stop();
            Files.deleteIfExists(folder.resolve("s"));
            Eventually.holds("its end is told", () -> turns.get() > 0);

            cri = new FakeCri(folder.resolve("s")).start();
            cri.engine().serveEvents(false);
            Eventually.holds("it is asked for events", () -> cri.calls().contains("GetContainerEvents"));
            String id = FakePods.running(runtime, "web", folder);
            cri.engine().exit(id, 3);

            Eventually.holds(
                    "the end is told",
                    () -> told.stream()
                            .anyMatch(e -> e.containerId().equals(id) && e.type() == ContainerEvent.Type.STOPPED));
        }
    }
}
