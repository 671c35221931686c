package io.skep.runtime.api;

import io.skep.runtime.api.ContainerConfig.ImageSpec;
import io.skep.runtime.api.ContainerConfig.Program;
import io.skep.runtime.api.ContainerConfig.Streams;
import io.skep.runtime.api.ContainerStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Tests on a {@link PodRuntime}, and the pods they have in common. */
public abstract class OnPodRuntime {

    /** More than a call or a command takes that is well. */
    protected static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    protected Path logs;

    /** The runtime under test; the same one for one test. */
    protected abstract PodRuntime runtime();

    /** An image with {@code /bin/sh}, {@code /bin/sleep} and {@code /bin/echo}. */
    protected String image() {
        return "any";
    }

    /** A container of that command, nothing else said. */
    protected ContainerConfig container(String name, String... command) {
        return new ContainerConfig(
                new ContainerConfig.Metadata(name, 0),
                ImageSpec.of(image()),
                Program.of(command),
                List.of(),
                Map.of("io.kubernetes.container.name", name),
                Map.of("note", "ü \"quoted\""),
                Streams.log(name + "/0.log"),
                ContainerConfig.Linux.DEFAULT);
    }

    /** A sandbox of that name in the node's network, nothing else said. */
    protected PodSandboxConfig sandbox(String name) {
        return sandbox(name, PodSandboxConfig.Network.HOST, PodSandboxConfig.Linux.DEFAULT);
    }

    /** A sandbox of that name. */
    protected PodSandboxConfig sandbox(String name, PodSandboxConfig.Network network, PodSandboxConfig.Linux linux) {
        return new PodSandboxConfig(
                new PodSandboxConfig.Metadata(name, "default", "uid-" + name, 0),
                name,
                logs,
                Map.of("app", name),
                Map.of("note", "kept"),
                "",
                network,
                linux);
    }

    /** Creates and starts a container that runs on, in a new sandbox. */
    protected String running(String name) throws ContainerException {
        return started(name, "/bin/sleep", "1000");
    }

    /** Creates and starts a container in a new sandbox. */
    protected String started(String name, String... command) throws ContainerException {
        String id = runtime().createContainer(runtime().runPodSandbox(sandbox(name)), container(name, command));
        runtime().startContainer(id);
        return id;
    }

    /** Waits until the container ended. */
    protected ContainerStatus ended(String containerId) {
        Eventually.holds(
                "container " + containerId + " ended",
                () -> runtime().containerStatus(containerId).orElseThrow().state() == State.EXITED);
        return status(containerId);
    }

    /** The container, which must be there. */
    protected ContainerStatus status(String containerId) {
        try {
            return runtime().containerStatus(containerId).orElseThrow();
        } catch (ContainerException e) {
            throw new AssertionError(e);
        }
    }
}
