package io.skep.edged.internal.pod;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import io.skep.runtime.api.ContainerStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How a container ended.
 *
 * @param exitCode its exit code; 137 when nobody knows
 * @param reason {@code Completed}, {@code Error}, {@code OOMKilled}, {@code ContainerStatusUnknown} …
 * @param message its last words, or {@code ""}
 * @param started when it began, if known
 * @param finished when it ended, if known
 * @param containerId with the engine's name in front, {@code ""} if it never was made
 */
record Termination(
        int exitCode,
        String reason,
        String message,
        Optional<Instant> started,
        Optional<Instant> finished,
        String containerId) {

    /** The reason of a container that could not even be started. */
    static final String START_ERROR = "StartError";

    private static final int UNKNOWN_EXIT = 137;

    Termination {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(finished, "finished");
        Objects.requireNonNull(containerId, "containerId");
    }

    /** The end of a container nobody saw end, noticed at {@code now}. */
    static Termination unknown(Instant now) {
        Termination unknown = unknown();
        return new Termination(
                unknown.exitCode, unknown.reason, unknown.message, Optional.empty(), Optional.of(now), "");
    }

    static Termination unknown() {
        return new Termination(
                UNKNOWN_EXIT,
                "ContainerStatusUnknown",
                "The container could not be located when the pod was terminated",
                Optional.empty(),
                Optional.empty(),
                "");
    }

    static Termination of(ContainerStatus status, String engine) {
        ContainerStatus.Life life = status.life();
        String reason = life.reason().isEmpty() ? life.exitCode() == 0 ? "Completed" : "Error" : life.reason();
        return new Termination(
                life.exitCode(), reason, life.message(), life.started(), life.finished(), engine + "://" + status.id());
    }

    /** Kubernetes' {@code ContainerStateTerminated}. */
    Doc toDoc() {
        Map<String, Object> doc = new LinkedHashMap<>();
        doc.put("exitCode", exitCode);
        doc.put("reason", reason);
        if (!message.isEmpty()) {
            doc.put("message", message);
        }
        doc.put("startedAt", started.map(Times::format).orElse(null));
        doc.put("finishedAt", finished.map(Times::format).orElse(null));
        if (!containerId.isEmpty()) {
            doc.put("containerID", containerId);
        }
        return Doc.of(doc);
    }

    static Termination from(Doc doc) {
        return new Termination(
                (int) doc.number(UNKNOWN_EXIT, "exitCode"),
                doc.text("reason"),
                doc.text("message"),
                Times.parse(doc.text("startedAt")),
                Times.parse(doc.text("finishedAt")),
                doc.text("containerID"));
    }
}
