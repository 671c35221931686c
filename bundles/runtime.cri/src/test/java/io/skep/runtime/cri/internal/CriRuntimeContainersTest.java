package io.skep.runtime.cri.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.runtime.api.ContainerConfig.EnvVar;
import io.skep.runtime.api.ContainerConfig.Mount;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerException.Code;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.Resources;
import io.skep.runtime.api.SecurityContext;
import io.skep.runtime.api.SecurityContext.Capabilities;
import io.skep.runtime.api.SecurityContext.Confinement;
import io.skep.runtime.api.SecurityContext.RunAs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What is said of a container reaches it, and what becomes of it is told. */
class CriRuntimeContainersTest extends OnRealEngine {

    @Test
    void variablesMountsUserAndLimitsReachTheContainer() throws Exception {
        Path file = Files.writeString(logs.resolve("file"), "from the node\n");
        SecurityContext user = new SecurityContext(
                new RunAs(Optional.of(1234L), Optional.of(55L), List.of(66L)),
                false,
                true,
                true,
                new Capabilities(List.of(), List.of("ALL")),
                new Confinement("RuntimeDefault", "", Optional.empty()));
        String id = ran(
                with(
                        List.of(new EnvVar("GREETING", "hällo")),
                        List.of(new Mount(file.toString(), "/etc/given", true)),
                        new Resources(500, 512, 64 << 20, 100),
                        user,
                        "pwd; echo $GREETING; cat /etc/given; id -u; id -g; id -G;"
                                + " echo no 2>/dev/null > /tmp/no || echo read-only;"
                                + " cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null"),
                sandbox("job"));

        assertThat(said(id)).isEqualTo("/tmp\nhällo\nfrom the node\n1234\n55\n55 66\nread-only\n67108864\n");
    }

    // containerd says so at its start, CRI-O when it is made.
    @Test
    void commandThatIsNotThereFailsToStart() throws Exception {
        String sandbox = runtime().runPodSandbox(sandbox("web"));

        assertThatThrownBy(() ->
                        runtime().startContainer(runtime().createContainer(sandbox, container("web", "/no/such"))))
                .isInstanceOfSatisfying(
                        ContainerException.class, e -> assertThat(e.code()).isIn(Code.START_FAILED, Code.FAILED))
                .hasMessageContaining("/no/such");
    }

    @Test
    void whatAContainerWroteIsTold() throws Exception {
        String id = started("writer", "/bin/sh", "-c", "echo some text > /tmp/file; sleep 1000");

        Eventually.holds(
                "usage is told",
                () -> runtime().listContainerStats().stream()
                        .anyMatch(s ->
                                s.containerId().equals(id) && s.writtenBytes().orElse(0L) > 0));
    }

    @Test
    void politeRequestToStopDoesNotWait() throws Exception {
        String id = running("web");

        assertThat(runtime().askToStop(id)).isTrue();

        assertThat(ended(id).life().exitCode()).isEqualTo(143);
    }

    @Test
    void killFromOutsideIsToldAtOnce() throws Exception {
        String id = running("web");
        List<ContainerEvent> told = new CopyOnWriteArrayList<>();
        try (PodRuntime.Subscription subscription = runtime().subscribe(told::add)) {
            assertThat(subscription).isNotNull();
            runtime().execSync(id, List.of("/bin/sh", "-c", "kill -TERM 1"), LONG);

            Eventually.holds(
                    "the end is told",
                    () -> told.stream()
                            .anyMatch(e -> e.containerId().equals(id) && e.type() == ContainerEvent.Type.STOPPED));
        }
    }
}
