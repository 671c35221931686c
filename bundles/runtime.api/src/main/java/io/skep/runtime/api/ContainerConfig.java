package io.skep.runtime.api;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a container is to be.
 *
 * @param metadata which of its pod's it is
 * @param image what it is made of
 * @param program what it runs
 * @param mounts folders and files from the node
 * @param labels found again in {@link ContainerStatus}
 * @param annotations found again in {@link ContainerStatus}
 * @param streams where its output goes and its input comes from
 * @param linux what it may use, do and see
 */
public record ContainerConfig(
        Metadata metadata,
        ImageSpec image,
        Program program,
        List<Mount> mounts,
        Map<String, String> labels,
        Map<String, String> annotations,
        Streams streams,
        Linux linux) {

    public ContainerConfig {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(program, "program");
        mounts = List.copyOf(mounts);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        Objects.requireNonNull(streams, "streams");
        Objects.requireNonNull(linux, "linux");
    }

    /**
     * Which of its pod's containers it is.
     *
     * @param name its name in the pod
     * @param attempt how often the pod started it before
     */
    public record Metadata(String name, int attempt) {
        public Metadata {
            Objects.requireNonNull(name, "name");
        }
    }

    /**
     * An image, by both its names.
     *
     * @param reference image reference, as {@link PodRuntime#pullImage} returned it
     * @param userSpecified the image as the pod's author names it: an engine judges by it whose signature is asked for
     */
    public record ImageSpec(String reference, String userSpecified) {
        public ImageSpec {
            Objects.requireNonNull(reference, "reference");
            Objects.requireNonNull(userSpecified, "userSpecified");
        }

        /** One whose reference is the author's name for it. */
        public static ImageSpec of(String name) {
            return new ImageSpec(name, name);
        }
    }

    /**
     * What runs in it.
     *
     * @param command replaces the image's entry point; empty for the image's own
     * @param args arguments to it; empty for the image's own
     * @param workingDir {@code ""} for the image's own
     * @param env variables, in order, already resolved
     */
    public record Program(List<String> command, List<String> args, String workingDir, List<EnvVar> env) {
        public Program {
            command = List.copyOf(command);
            args = List.copyOf(args);
            Objects.requireNonNull(workingDir, "workingDir");
            env = List.copyOf(env);
        }

        /** That command, or the image's own when it has no word. */
        public static Program of(String... command) {
            return new Program(List.of(command), List.of(), "", List.of());
        }
    }

    /** One variable. */
    public record EnvVar(String name, String value) {}

    /**
     * One mount.
     *
     * @param hostPath path on the node
     * @param containerPath path inside
     * @param readOnly whether it can't be written
     * @param propagation which later mounts below it are seen where; a runtime of plain processes keeps all private
     * @param owned whether it is the pod's alone, so that SELinux may be told so
     */
    public record Mount(
            String hostPath, String containerPath, boolean readOnly, Propagation propagation, boolean owned) {

        public Mount {
            Objects.requireNonNull(propagation, "propagation");
        }

        /** A private one of something that may be others' too. */
        public Mount(String hostPath, String containerPath, boolean readOnly) {
            this(hostPath, containerPath, readOnly, Propagation.PRIVATE, false);
        }
    }

    /** As {@code mountPropagation} of a Kubernetes volume mount. */
    public enum Propagation {
        PRIVATE,
        HOST_TO_CONTAINER,
        BIDIRECTIONAL
    }

    /**
     * Where its output goes and its input comes from.
     *
     * @param logPath log file, relative to the sandbox's log directory, in CRI log format
     * @param stdin whether standard input stays open
     * @param tty whether it has a terminal
     */
    public record Streams(String logPath, boolean stdin, boolean tty) {
        public Streams {
            Objects.requireNonNull(logPath, "logPath");
        }

        /** Output to that log file, no input, no terminal. */
        public static Streams log(String path) {
            return new Streams(path, false, false);
        }
    }

    /**
     * What it may use, do and see.
     *
     * @param resources limits
     * @param security who it runs as and what it may
     * @param processesOf id of the container of its sandbox whose processes it sees, {@code ""} for what the sandbox says
     */
    public record Linux(Resources resources, SecurityContext security, String processesOf) {

        /** No limits, nothing said of security, the processes its sandbox lets it see. */
        public static final Linux DEFAULT = new Linux(Resources.NONE, SecurityContext.DEFAULT, "");

        public Linux {
            Objects.requireNonNull(resources, "resources");
            Objects.requireNonNull(security, "security");
            Objects.requireNonNull(processesOf, "processesOf");
        }
    }
}
