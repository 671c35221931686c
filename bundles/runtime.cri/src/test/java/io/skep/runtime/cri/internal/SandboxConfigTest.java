package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

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
}
