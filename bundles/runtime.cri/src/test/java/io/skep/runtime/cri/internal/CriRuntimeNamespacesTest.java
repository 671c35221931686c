package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.runtime.api.ContainerConfig;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Network;
import io.skep.runtime.api.PodSandboxConfig.Sharing;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a pod shares with its node and its containers with each other: network, name and processes. */
class CriRuntimeNamespacesTest extends OnRealEngine {

    @Test
    void podOfItsOwnNetworkHasAnAddressAndAName() throws Exception {
        PodSandboxConfig named = sandbox("named");
        String sandbox = runtime()
                .runPodSandbox(new PodSandboxConfig(
                        named.metadata(),
                        "my-name",
                        named.logDirectory(),
                        named.labels(),
                        named.annotations(),
                        named.runtimeHandler(),
                        Network.POD,
                        named.linux()));
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
        PodSandboxConfig set = sandbox(
                "set",
                Network.HOST,
                new PodSandboxConfig.Linux("", Sharing.NONE, Resources.NONE, Map.of("kernel.shm_rmid_forced", "1")));

        assertThat(said(ran(container("set", "/bin/cat", "/proc/sys/kernel/shm_rmid_forced"), set)))
                .isEqualTo("1\n");
        assertThat(said(ran(container("plain", "/bin/cat", "/proc/sys/kernel/shm_rmid_forced"), sandbox("plain"))))
                .isEqualTo("0\n");
    }

    @Test
    void processesOfTheNodeAreSeenOnlyWhenShared() throws Exception {
        PodSandboxConfig shared = sandbox(
                "shared",
                Network.HOST,
                new PodSandboxConfig.Linux("", new Sharing(true, false, false, false), Resources.NONE, Map.of()));

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
                plain.metadata(),
                plain.image(),
                plain.program(),
                plain.mounts(),
                plain.labels(),
                plain.annotations(),
                plain.streams(),
                new ContainerConfig.Linux(Resources.NONE, SecurityContext.DEFAULT, web));

        String id = runtime().createContainer(status(web).sandboxId(), looking);
        runtime().startContainer(id);
        ended(id);

        assertThat(said(id)).doesNotContain("/proc/1/cmdline").isNotEmpty();
    }
}
