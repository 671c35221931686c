package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodRuntime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** The engine goes away and comes back, its containers stay. Other tests must not miss it should one fail half-way. */
class CriRuntimeAwayTest extends OnRealEngine {

    CriRuntimeAwayTest() {
        super(RealEngine.ofItsOwn());
    }

    @Test
    void restartOfTheEngineLeavesContainersAloneAndEndsMeanwhileAreTold() throws Exception {
        Containerd containerd = engine.containerd();
        String stays = running("stays");
        String ends = started("ends", "/bin/sh", "-c", "while [ ! -e /tmp/go ]; do sleep 0.1; done; exit 7");
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        try (PodRuntime.Subscription subscription = runtime().subscribe(told::add)) {
            assertThat(subscription).isNotNull();
            // What is told of a new one comes after the first listing: only then an end can be seen as a change.
            String later = running("later");
            Eventually.holds(
                    "watching",
                    () -> told.stream().anyMatch(e -> e.containerId().equals(later)));
            containerd.stop();
            assertThatThrownBy(() -> runtime().info())
                    .isInstanceOfSatisfying(
                            ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));

            containerd.run();
            Eventually.holds("engine answers", () -> answers());
            runtime().execSync(ends, List.of("/bin/sh", "-c", "echo > /tmp/go"), LONG);

            Eventually.holds(
                    "the end is told",
                    () -> told.stream()
                            .anyMatch(e -> e.containerId().equals(ends) && e.type() == ContainerEvent.Type.STOPPED));
        }
        assertThat(status(stays).state()).isEqualTo(State.RUNNING);
        assertThat(status(ends).life().exitCode()).isEqualTo(7);
        assertThat(told).noneMatch(e -> e.containerId().equals(stays));
    }

    @Test
    void engineThatHangsIsAwayUntilItAnswers() throws Exception {
        Containerd containerd = engine.containerd();
        String id = running("web");
        try (PodRuntime.Subscription subscription = runtime().subscribe(event -> {})) {
            assertThat(subscription).isNotNull();
            containerd.freeze();
            try {
                assertThatThrownBy(() -> runtime().info())
                        .isInstanceOfSatisfying(
                                ContainerException.class,
                                e -> assertThat(e.code()).isEqualTo(Code.UNAVAILABLE));
            } finally {
                containerd.thaw();
            }
            Eventually.holds("engine answers", () -> answers());
        }
        assertThat(status(id).state()).isEqualTo(State.RUNNING);
    }

    private boolean answers() {
        try {
            return runtime().info().ready();
        } catch (ContainerException e) {
            return false;
        }
    }
}
