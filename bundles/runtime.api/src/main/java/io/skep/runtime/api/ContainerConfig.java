package io.skep.runtime.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a container is to be.
 *
 * @param name its name in the pod
 * @param attempt how often the pod started it before
 * @param image image reference, as {@link PodRuntime#pullImage} returned it
 * @param command replaces the image's entry point; empty for the image's own
 * @param args arguments to it; empty for the image's own
 * @param workingDir {@code ""} for the image's own
 * @param env variables, in order, already resolved
 * @param mounts folders and files from the node
 * @param labels found again in {@link ContainerStatus}
 * @param annotations found again in {@link ContainerStatus}
 * @param logPath log file, relative to the sandbox's log directory, in CRI log format
 * @param stdin whether standard input stays open
 * @param tty whether it has a terminal
 * @param resources limits
 * @param security who it runs as and what it may
 * @param processesOf id of the container of its sandbox whose processes it sees, {@code ""} for what the sandbox says
 * @param specifiedImage the image as the pod's author names it: an engine judges by it whose signature is asked for
 */
public record ContainerConfig(
        String name,
        int attempt,
        String image,
        List<String> command,
        List<String> args,
        String workingDir,
        List<EnvVar> env,
        List<Mount> mounts,
        Map<String, String> labels,
        Map<String, String> annotations,
        String logPath,
        boolean stdin,
        boolean tty,
        Resources resources,
        SecurityContext security,
        String processesOf,
        String specifiedImage) {

    /** One that sees the processes its sandbox lets it see, of an image as its author names it. */
    public ContainerConfig(
            String name,
            int attempt,
            String image,
            List<String> command,
            List<String> args,
            String workingDir,
            List<EnvVar> env,
            List<Mount> mounts,
            Map<String, String> labels,
            Map<String, String> annotations,
            String logPath,
            boolean stdin,
            boolean tty,
            Resources resources,
            SecurityContext security) {
        this(
                name,
                attempt,
                image,
                command,
                args,
                workingDir,
                env,
                mounts,
                labels,
                annotations,
                logPath,
                stdin,
                tty,
                resources,
                security,
                "",
                image);
    }

    public ContainerConfig {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(image, "image");
        command = List.copyOf(command);
        args = List.copyOf(args);
        Objects.requireNonNull(workingDir, "workingDir");
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        Objects.requireNonNull(logPath, "logPath");
        Objects.requireNonNull(resources, "resources");
        Objects.requireNonNull(security, "security");
        Objects.requireNonNull(processesOf, "processesOf");
        Objects.requireNonNull(specifiedImage, "specifiedImage");
    }

    /** One variable. */
    public record EnvVar(String name, String value) {}

    /**
     * One mount.
     *
     * @param hostPath path on the node
     * @param containerPath path inside
     * @param readOnly whether it can't be written
     */
    public record Mount(String hostPath, String containerPath, boolean readOnly) {}

    /**
     * Limits; 0 means none.
     *
     * @param cpuMillis CPU, in thousandths of a core
     * @param cpuShares relative weight, as the kernel's {@code cpu.shares}
     * @param memoryBytes memory
     * @param oomScoreAdj the kernel's inclination to kill it, -1000 to 1000
     */
    public record Resources(long cpuMillis, long cpuShares, long memoryBytes, int oomScoreAdj) {
        public static final Resources NONE = new Resources(0, 0, 0, 0);
    }

    /**
     * Who it runs as and what it may.
     *
     * @param runAsUser user id, or empty for the image's or the node's own
     * @param runAsGroup group id, or empty
     * @param supplementalGroups further group ids
     * @param privileged everything the node may
     * @param readOnlyRootFilesystem nothing but mounts can be written
     * @param noNewPrivileges no privileges beyond the first
     * @param addCapabilities by name without {@code CAP_}
     * @param dropCapabilities by name without {@code CAP_}; {@code ALL} for all
     * @param seccomp {@code RuntimeDefault}, {@code Unconfined}, {@code Localhost/<absolute path of a profile>}, or
     *     {@code ""} when nothing is said
     */
    public record SecurityContext(
            Optional<Long> runAsUser,
            Optional<Long> runAsGroup,
            List<Long> supplementalGroups,
            boolean privileged,
            boolean readOnlyRootFilesystem,
            boolean noNewPrivileges,
            List<String> addCapabilities,
            List<String> dropCapabilities,
            String seccomp) {

        public static final SecurityContext DEFAULT = new SecurityContext(
                Optional.empty(), Optional.empty(), List.of(), false, false, false, List.of(), List.of());

        /** Nothing said of seccomp. */
        public SecurityContext(
                Optional<Long> runAsUser,
                Optional<Long> runAsGroup,
                List<Long> supplementalGroups,
                boolean privileged,
                boolean readOnlyRootFilesystem,
                boolean noNewPrivileges,
                List<String> addCapabilities,
                List<String> dropCapabilities) {
            this(
                    runAsUser,
                    runAsGroup,
                    supplementalGroups,
                    privileged,
                    readOnlyRootFilesystem,
                    noNewPrivileges,
                    addCapabilities,
                    dropCapabilities,
                    "");
        }

        public SecurityContext {
            Objects.requireNonNull(runAsUser, "runAsUser");
            Objects.requireNonNull(runAsGroup, "runAsGroup");
            supplementalGroups = List.copyOf(supplementalGroups);
            addCapabilities = List.copyOf(addCapabilities);
            dropCapabilities = List.copyOf(dropCapabilities);
            Objects.requireNonNull(seccomp, "seccomp");
        }
    }
}
