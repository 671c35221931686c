package io.skep.runtime.api;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Runs pods. Thread-safe; calls block until done and throw {@link ContainerException}. Stops and removals are idempotent:
 * what is gone already is no error.
 */
@ConsumerType
public interface PodRuntime {

    /** Service property that names the runtime, for example {@code process}; what {@code runtimeClassName} picks. */
    String NAME = "runtime.name";

    /** What this is and whether it can run pods now. */
    RuntimeInfo info() throws ContainerException;

    /** Creates and starts a sandbox; its id is unique for all times. */
    String runPodSandbox(PodSandboxConfig config) throws ContainerException;

    /** Stops what still runs in a sandbox, at once, and gives its resources back; the records stay. */
    void stopPodSandbox(String sandboxId) throws ContainerException;

    /** Removes a sandbox and its containers with their logs, stopping them first if need be. */
    void removePodSandbox(String sandboxId) throws ContainerException;

    /**
     * Takes away what a pod left outside of its sandboxes, once there is none of them any more: whoever removed the last one
     * may have ended before it came to that. What still runs is let be.
     *
     * @param cgroups where its cgroup may be, as {@link PodSandboxConfig.Linux#cgroupParent} has it
     */
    default void clearPod(List<String> cgroups) throws ContainerException {}

    /** The sandbox, or empty when there is none of this id. */
    Optional<PodSandboxStatus> podSandboxStatus(String sandboxId) throws ContainerException;

    /** All sandboxes this runtime has, whoever's process made them. */
    List<PodSandboxStatus> listPodSandboxes() throws ContainerException;

    /** Creates a container in a sandbox; its image must be there. Nothing runs yet. */
    String createContainer(String sandboxId, ContainerConfig config) throws ContainerException;

    /** Starts a created container. */
    void startContainer(String containerId) throws ContainerException;

    /** Asks the container to end (SIGTERM), and kills it after {@code grace}; zero kills at once. Returns when it ended. */
    void stopContainer(String containerId, Duration grace) throws ContainerException;

    /**
     * Asks the container to end (SIGTERM) and returns at once, for a host that waits without a thread and, when the grace is
     * over, calls {@link #stopContainer} with zero. What is gone already is no error.
     *
     * @return false when this runtime can only ask and wait in one call; nothing was done then
     */
    default boolean askToStop(String containerId) throws ContainerException {
        return false;
    }

    /** Removes a container and its log, killing it first if it runs. */
    void removeContainer(String containerId) throws ContainerException;

    /** The container, or empty when there is none of this id. */
    Optional<ContainerStatus> containerStatus(String containerId) throws ContainerException;

    /** All containers this runtime has. */
    List<ContainerStatus> listContainers() throws ContainerException;

    /** Runs a command in a running container and waits for it; output beyond 16 MiB is cut. */
    ExecResult execSync(String containerId, List<String> command, Duration timeout) throws ContainerException;

    /**
     * Begins a command in a running container for somebody who watches it.
     *
     * @throws ContainerException {@code NOT_FOUND}, {@code INVALID} when this runtime can't do what is asked, for example give
     *     it a terminal, or {@code FAILED} when the container does not run
     */
    Execution exec(String containerId, ExecRequest request) throws ContainerException;

    /** CPU and memory of running containers, by what the platform tells. */
    List<ContainerStats> listContainerStats() throws ContainerException;

    /** The image, or empty when it is not here. */
    Optional<Image> imageStatus(String image) throws ContainerException;

    /** Fetches an image and returns its reference. */
    String pullImage(String image, Optional<RegistryAuth> auth) throws ContainerException;

    /** All images here. */
    List<Image> listImages() throws ContainerException;

    /**
     * Where the images lie, on a file system of this machine that may run full of them; empty for a runtime that keeps none,
     * whose images are never removed to make room.
     */
    default Optional<Path> imageFolder() throws ContainerException {
        return Optional.empty();
    }

    /** Removes an image. */
    void removeImage(String image) throws ContainerException;

    /**
     * Tells of each change of a container's or sandbox's state, soon after it happened, on a thread of the runtime; the
     * listener must not block. Changes from before the subscription are found by listing.
     */
    Subscription subscribe(Consumer<ContainerEvent> listener);

    /**
     * Tells that what {@link #info} says may have changed, because the engine went away or is back; on a thread of the
     * runtime, so {@code listener} must not block. A runtime without an engine of its own never tells.
     */
    default Subscription subscribeInfo(Runnable listener) {
        return () -> {};
    }

    /** Ends a subscription. */
    @FunctionalInterface
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
