package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.ContainerStatus.State;
import org.junit.jupiter.api.Test;

/** A runtime goes on with what is its own, and with nothing else. */
class CriRuntimeAdoptionTest extends OnRealEngine {

    @Test
    void nextRuntimeGoesOnWhereTheLastOneStopped() throws Exception {
        String first = running("web");
        engine.replaceRuntime();

        ContainerStatus found = runtime().listContainers().get(0);
        assertThat(found.id()).isEqualTo(first);
        assertThat(found.state()).isEqualTo(State.RUNNING);
        String second = runtime().createContainer(found.sandboxId(), container("job", "/bin/echo", "again"));
        runtime().startContainer(second);
        ended(second);
        assertThat(said(second)).isEqualTo("again\n");
    }

    @Test
    void whatAnotherOwnerMadeIsNotOurs() throws Exception {
        running("web");
        try (CriRuntime other = engine.open("another")) {
            assertThat(other.listPodSandboxes()).isEmpty();
            assertThat(other.listContainers()).isEmpty();
        }
    }
}
