package io.skep.runtime.api;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A container as it is.
 *
 * @param id its id
 * @param sandboxId its sandbox
 * @param metadata which of its pod's it is, as it was configured
 * @param created when it was made
 * @param life what became of it
 * @param image image as configured
 * @param imageRef image as it was found
 * @param labels as configured
 * @param annotations as configured
 * @param logPath absolute path of its log
 */
public record ContainerStatus(
        String id,
        String sandboxId,
        ContainerConfig.Metadata metadata,
        Instant created,
        Life life,
        String image,
        String imageRef,
        Map<String, String> labels,
        Map<String, String> annotations,
        Path logPath) {

    /** CRI's states. */
    public enum State {
        CREATED,
        RUNNING,
        EXITED,
        UNKNOWN
    }

    /**
     * How far a container is, and how it ended.
     *
     * @param state where it is in its life
     * @param started when it began to run
     * @param finished when it ended
     * @param exitCode valid once exited; 128 + signal for a signal
     * @param reason {@code Completed}, {@code Error}, {@code OOMKilled} …, or {@code ""}
     * @param message more about an end, or {@code ""}
     */
    public record Life(
            State state,
            Optional<Instant> started,
            Optional<Instant> finished,
            int exitCode,
            String reason,
            String message) {

        /** Made, and not started yet. */
        public static final Life CREATED = new Life(State.CREATED, Optional.empty(), Optional.empty(), 0, "", "");

        public Life {
            Objects.requireNonNull(state, "state");
            Objects.requireNonNull(started, "started");
            Objects.requireNonNull(finished, "finished");
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(message, "message");
        }

        /** It runs. */
        public static Life running(Instant started) {
            return new Life(State.RUNNING, Optional.of(started), Optional.empty(), 0, "", "");
        }

        /** It ended; {@code started} is empty when it never ran. */
        public static Life ended(
                Optional<Instant> started, Instant finished, int exitCode, String reason, String message) {
            return new Life(State.EXITED, started, Optional.of(finished), exitCode, reason, message);
        }
    }

    public ContainerStatus {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(sandboxId, "sandboxId");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(life, "life");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(imageRef, "imageRef");
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        Objects.requireNonNull(logPath, "logPath");
    }

    /** Its name in the pod. */
    public String name() {
        return metadata.name();
    }

    /** Where it is in its life. */
    public State state() {
        return life.state();
    }

    /** The same with another life. */
    public ContainerStatus with(Life other) {
        return new ContainerStatus(
                id, sandboxId, metadata, created, other, image, imageRef, labels, annotations, logPath);
    }
}
