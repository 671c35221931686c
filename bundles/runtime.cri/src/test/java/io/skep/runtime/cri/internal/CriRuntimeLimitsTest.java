package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerException;
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

    private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final boolean UNIFIED = Files.exists(CGROUPS.resolve("cgroup.controllers"));
    private static final Path LIMITED =
            (UNIFIED ? CGROUPS : CGROUPS.resolve("memory")).resolve(Path.of("skeptest", "burstable", "poduid-limited"));

    private String runLimited() throws ContainerException {
        return runtime()
                .runPodSandbox(sandbox(
                        "limited",
                        Network.POD,
                        new Linux(
                                "burstable/poduid-limited",
                                Sharing.NONE,
                                new Resources(500, 512, 64 << 20, 0),
                                Map.of())));
    }

    // The engine makes the pod's cgroup, forgets to limit it and leaves it behind.
    @Test
    void podHasACgroupOfItsOwnWithItsLimitsAndLeavesNoneBehind() throws Exception {
        String id = runLimited();
        assertThat(LIMITED.resolve(UNIFIED ? "memory.max" : "memory.limit_in_bytes"))
                .hasContent(Long.toString(64 << 20));

        runtime().removePodSandbox(id);

        assertThat(LIMITED).doesNotExist();
    }

    // Once the engine has forgotten the sandbox, whoever ends before the next step leaves a cgroup that nobody knows
    // of.
    @Test
    void cgroupOfAPodGoesWhileItsSandboxIsStillKnown() throws Exception {
        String id = runLimited();

        runtime().stopPodSandbox(id);

        assertThat(runtime().podSandboxStatus(id)).isPresent();
        assertThat(LIMITED).doesNotExist();
    }

    @Test
    void cgroupOfAPodWithoutSandboxesIsFoundAndTakenAway() throws Exception {
        runLimited();
        Files.createDirectories(LIMITED.resolveSibling("poduid-left"));

        runtime().clearPod(List.of("poduid-left", "burstable/poduid-left", "besteffort/poduid-left"));
        runtime().clearPod(List.of("burstable/poduid-limited"));

        assertThat(LIMITED.resolveSibling("poduid-left")).doesNotExist();
        // Not from under a pod that lives
        assertThat(LIMITED).exists();
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
