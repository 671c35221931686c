package io.skep.runtime.api;

import io.skep.runtime.api.ContainerStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                name,
                0,
                image(),
                List.of(command),
                List.of(),
                "",
                List.of(),
                List.of(),
                Map.of("io.kubernetes.container.name", name),
                Map.of("note", "ü \"quoted\""),
                name + "/0.log",
                false,
                false,
                ContainerConfig.Resources.NONE,
                ContainerConfig.SecurityContext.DEFAULT);
    }

    /** A sandbox of that name, nothing else said. */
    protected PodSandboxConfig sandbox(String name) {
        return new PodSandboxConfig(
                name,
                "default",
                "uid-" + name,
                0,
                name,
                logs,
                Map.of("app", name),
                Map.of("note", "kept"),
                "",
                "",
                true,
                Optional.empty());
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
