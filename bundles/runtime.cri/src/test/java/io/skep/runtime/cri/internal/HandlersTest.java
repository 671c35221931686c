package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A pod's handler, which only the engine knows. */
class HandlersTest extends OnFakeCri {

    HandlersTest() {
        super(Duration.ofSeconds(1));
    }

    @Test
    void engineIsToldTheHandler() throws ContainerException {
        String isolated = runtime.runPodSandbox(FakePods.pod("isolated", folder, "kata"));
        String plain = runtime.runPodSandbox(FakePods.pod("plain", folder));

        assertThat(cri.engine().handler(isolated)).isEqualTo("kata");
        assertThat(cri.engine().handler(plain)).isEmpty();
    }

    // The words become the pod's event.
    @Test
    void handlerTheEngineHasNotGotIsNamedAndLeavesNothing() throws ContainerException {
        assertThatThrownBy(() -> runtime.runPodSandbox(FakePods.pod("web", folder, "gvisor")))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isEqualTo(Code.FAILED))
                .hasMessage("cannot run sandbox of web: failed to get sandbox runtime:"
                        + " no runtime for \"gvisor\" is configured");
        assertThat(runtime.listPodSandboxes()).isEmpty();
    }
}
