package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.ContainerConfig.Resources;
import io.skep.runtime.api.ContainerConfig.SecurityContext;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a pod shares with its node and its containers with each other: network, name and processes. */
class CriRuntimeNamespacesTest extends OnRealEngine {

    @Test
    void podOfItsOwnNetworkHasAnAddressAndAName() throws Exception {
        PodSandboxConfig host = sandbox("named");
        String sandbox = runtime()
                .runPodSandbox(new PodSandboxConfig(
                        host.podName(),
                        host.podNamespace(),
                        host.podUid(),
                        0,
                        "my-name",
                        logs,
                        Map.of(),
                        Map.of(),
                        "",
                        "",
                        false,
                        Optional.empty()));
        String id = runtime().createContainer(sandbox, container("job", "/bin/hostname"));
        runtime().startContainer(id);
        ended(id);

        assertThat(runtime().podSandboxStatus(sandbox).orElseThrow().ips())
                .singleElement()
                .asString()
                .startsWith(engine.podAddresses());
        assertThat(said(id)).isEqualTo("my-name\n");
    }

    // An address of the node is the node's to tell.
    @Test
    void sandboxInTheNodesNetworkHasNoAddressOfItsOwn() throws Exception {
        assertThat(runtime()
                        .podSandboxStatus(runtime().runPodSandbox(sandbox("host")))
                        .orElseThrow()
                        .ips())
                .isEmpty();
    }

    // Only the pod's own namespaces may notice.
    @Test
    void sysctlsHoldInThePodAlone() throws Exception {
        PodSandboxConfig plain = sandbox("set");
        PodSandboxConfig set = new PodSandboxConfig(
                plain.podName(),
                plain.podNamespace(),
                plain.podUid(),
                0,
                plain.hostname(),
                logs,
                Map.of(),
                Map.of(),
                "",
                "",
                true,
                Optional.empty(),
                Sharing.NONE,
                List.of(),
                Resources.NONE,
                Map.of("kernel.shm_rmid_forced", "1"));

        assertThat(said(ran(container("set", "/bin/cat", "/proc/sys/kernel/shm_rmid_forced"), set)))
                .isEqualTo("1\n");
        assertThat(said(ran(container("plain", "/bin/cat", "/proc/sys/kernel/shm_rmid_forced"), sandbox("plain"))))
                .isEqualTo("0\n");
    }

    @Test
    void processesOfTheNodeAreSeenOnlyWhenShared() throws Exception {
        PodSandboxConfig own = sandbox("shared");
        PodSandboxConfig shared = new PodSandboxConfig(
                own.podName(),
                own.podNamespace(),
                own.podUid(),
                0,
                own.hostname(),
                logs,
                Map.of(),
                Map.of(),
                "",
                "",
                true,
                Optional.empty(),
                new Sharing(true, false, false, false),
                List.of());

        assertThat(said(ran(container("own", "/bin/sh", "-c", "echo $$"), sandbox("own"))))
                .isEqualTo("1\n");
        assertThat(said(ran(container("shared", "/bin/sh", "-c", "echo $$"), shared)))
                .isNotEqualTo("1\n");
    }

    @Test
    void containerMadeToLookIntoAnotherSeesItsProcesses() throws Exception {
        String web = running("web");
        ContainerConfig plain = container("look", "/bin/cat", "/proc/1/cmdline");
        ContainerConfig looking = new ContainerConfig(
                plain.name(),
                0,
                plain.image(),
                plain.command(),
                plain.args(),
                plain.workingDir(),
                plain.env(),
                plain.mounts(),
                plain.labels(),
                plain.annotations(),
                plain.logPath(),
                false,
                false,
                Resources.NONE,
                SecurityContext.DEFAULT,
                web,
                plain.image());

        String id = runtime().createContainer(status(web).sandboxId(), looking);
        runtime().startContainer(id);
        ended(id);

        assertThat(said(id)).doesNotContain("/proc/1/cmdline").isNotEmpty();
    }
}
