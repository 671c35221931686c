package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.cri.internal.wire.Cri;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an engine is told of the sandbox it is to make. */
class SandboxConfigTest extends OnFakeCri {

    SandboxConfigTest() {
        super(SHORT);
    }

    @Test
    void sysctlsOfThePodReachTheEngine() throws Exception {
        Map<String, String> sysctls = Map.of("kernel.shm_rmid_forced", "1");

        String id = runtime.runPodSandbox(FakePods.pod("p", folder, sysctls));

        assertThat(cri.engine().config(id).getLinux().getSysctlsMap()).isEqualTo(sysctls);
    }

    // Until the node was started anew no pod began: the engine had been, with the other driver.
    @Test
    void driverIsAskedForAnewWhenASandboxIsRefusedOrTheEngineWasAway() throws Exception {
        try (CriRuntime limiting = CriRuntime.on(
                folder.resolve("s"),
                new CriSettings(List.of(), SHORT, SHORT, SHORT, Duration.ofMillis(200), LOGS, "skep", "test"))) {
            assertThat(parentOf(limiting.runPodSandbox(FakePods.pod("before", folder))))
                    .isEqualTo("/skep");

            cri.engine().driver(Cri.CgroupDriver.SYSTEMD);
            cri.fail("RunPodSandbox", Status.UNKNOWN);
            assertThatThrownBy(() -> limiting.runPodSandbox(FakePods.pod("after", folder)))
                    .isInstanceOf(ContainerException.class);
            cri.fail("RunPodSandbox", Status.OK);

            assertThat(parentOf(limiting.runPodSandbox(FakePods.pod("after", folder))))
                    .isEqualTo("skep.slice");

            cri.engine().driver(Cri.CgroupDriver.CGROUPFS);
            cri.fail("Version", Status.UNAVAILABLE);
            assertThatThrownBy(limiting::info).isInstanceOf(ContainerException.class);
            cri.fail("Version", Status.OK);

            assertThat(parentOf(limiting.runPodSandbox(FakePods.pod("back", folder))))
                    .isEqualTo("/skep");
        }
    }

    private String parentOf(String id) {
        return cri.engine().config(id).getLinux().getCgroupParent();
    }
}
