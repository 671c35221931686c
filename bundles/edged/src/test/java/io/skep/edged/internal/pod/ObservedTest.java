package io.skep.edged.internal.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.Life;
import io.skep.runtime.api.ContainerStatus.State;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObservedTest {

    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");

    private static PodSandboxStatus sandbox(String id, int attempt) {
        return new PodSandboxStatus(
                id,
                new PodSandboxConfig.Metadata("web", "default", "uid", attempt),
                true,
                MADE,
                List.of(),
                Map.of(),
                Map.of());
    }

    private static ContainerStatus container(String id, String name, int attempt, State state) {
        return new ContainerStatus(
                id,
                "box",
                new ContainerConfig.Metadata(name, attempt),
                MADE,
                new Life(state, Optional.of(MADE), Optional.empty(), 0, "", ""),
                "image",
                "image",
                Map.of(),
                Map.of(),
                Path.of("app.log"));
    }

    // The last one that ran stays: its logs can be asked for, and its end is part of the status.
    @Test
    void instancesBeforeTheLastAndThoseNeverStartedMayGo() {
        Observed observed = Observed.NOTHING
                .with(container("first", "app", 0, State.EXITED))
                .with(container("last", "app", 1, State.EXITED))
                .with(container("stillborn", "app", 1, State.CREATED))
                .with(container("other", "sidecar", 0, State.EXITED));

        assertThat(observed.dead("app", 2))
                .extracting(ContainerStatus::id)
                .containsExactlyInAnyOrder("first", "stillborn");
    }

    @Test
    void aSandboxGoesWhenAYoungerOneIsMade() {
        Observed observed = Observed.NOTHING.with(sandbox("old", 0)).with(sandbox("new", 1));

        assertThat(observed.sandboxesBefore(1)).containsExactly("old");
        assertThat(observed.sandbox()).map(PodSandboxStatus::id).contains("new");
    }

    @Test
    void anOlderLookAtAContainerDoesNotBringItBackToLife() {
        Observed observed = Observed.NOTHING
                .with(container("a", "app", 0, State.EXITED))
                .with(container("a", "app", 0, State.RUNNING));

        assertThat(observed.container("a")).map(ContainerStatus::state).contains(State.EXITED);
        assertThat(observed.living()).isEmpty();
    }

    @Test
    void aSandboxThatIsGoneTakesItsContainersAlong() {
        Observed observed = Observed.NOTHING
                .with(sandbox("box", 0))
                .with(container("a", "app", 0, State.RUNNING))
                .without("box");

        assertThat(observed).isEqualTo(Observed.NOTHING);
    }

    // A listing is not of one moment: a container may be in it whose sandbox came too late to be.
    @Test
    void aListingIsSortedByPodAndLeavesOutContainersWhoseSandboxItLacks() {
        ContainerStatus app = container("a", "app", 0, State.RUNNING);

        assertThat(Observed.byPod(List.of(sandbox("box", 0)), List.of(app)))
                .containsExactly(Map.entry(
                        "uid", Observed.NOTHING.with(sandbox("box", 0)).with(app)));
        assertThat(Observed.byPod(List.of(sandbox("another", 0)), List.of(app)))
                .containsExactly(Map.entry("uid", Observed.NOTHING.with(sandbox("another", 0))));
    }
}
