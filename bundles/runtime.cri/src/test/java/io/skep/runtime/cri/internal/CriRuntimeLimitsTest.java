package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Linux;
import io.skep.runtime.api.PodSandboxConfig.Network;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Limits of pods and of containers hold. */
class CriRuntimeLimitsTest extends OnRealEngine {

    // The engine makes the pod's cgroup, forgets to limit it and leaves it behind.
    @Test
    void podHasACgroupOfItsOwnWithItsLimitsAndLeavesNoneBehind() throws Exception {
        PodSandboxConfig limited = sandbox(
                "limited",
                Network.POD,
                new Linux("burstable/poduid-limited", Sharing.NONE, new Resources(500, 512, 64 << 20, 0), Map.of()));
        String id = runtime().runPodSandbox(limited);

        Path cgroups = Path.of("/sys/fs/cgroup");
        boolean unified = Files.exists(cgroups.resolve("cgroup.controllers"));
        Path below = Path.of("skeptest", "burstable", "poduid-limited");
        Path memory = (unified ? cgroups : cgroups.resolve("memory"))
                .resolve(below)
                .resolve(unified ? "memory.max" : "memory.limit_in_bytes");
        assertThat(memory).hasContent(Long.toString(64 << 20));

        runtime().removePodSandbox(id);

        assertThat(memory.getParent()).doesNotExist();
    }

    @Test
    void memoryBeyondTheLimitIsAnOomKill() throws Exception {
        String id = ran(
                with(
                        List.of(),
                        List.of(),
                        new Resources(0, 0, 16 << 20, 0),
                        SecurityContext.DEFAULT,
                        "a=x; while :; do a=$a$a; done"),
                sandbox("hungry"));

        assertThat(status(id).life().reason()).isEqualTo("OOMKilled");
        assertThat(status(id).life().exitCode()).isEqualTo(137);
    }
}
