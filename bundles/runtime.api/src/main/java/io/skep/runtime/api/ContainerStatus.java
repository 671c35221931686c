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
 * @param name its name in the pod
 * @param attempt as it was configured
 * @param state where it is in its life
 * @param created when it was made
 * @param started when it began to run
 * @param finished when it ended
 * @param exitCode valid once exited; 128 + signal for a signal
 * @param reason {@code Completed}, {@code Error}, {@code OOMKilled} …, or {@code ""}
 * @param message more about an end, or {@code ""}
 * @param image image as configured
 * @param imageRef image as it was found
 * @param labels as configured
 * @param annotations as configured
 * @param logPath absolute path of its log
 */
public record ContainerStatus(
        String id,
        String sandboxId,
        String name,
        int attempt,
        State state,
        Instant created,
        Optional<Instant> started,
        Optional<Instant> finished,
        int exitCode,
        String reason,
        String message,
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

    public ContainerStatus {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(sandboxId, "sandboxId");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(state, "state");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(finished, "finished");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(image, "image");
        Objects.requireNonNull(imageRef, "imageRef");
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        Objects.requireNonNull(logPath, "logPath");
    }
}
