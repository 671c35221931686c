package io.skep.edged.internal.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Why a step of a pod waits to be tried again.
 *
 * @param kind the step
 * @param reason the word shown as the container's waiting reason
 * @param message one sentence
 * @param failures in a row, at least 1
 * @param since when it failed last
 */
record Trouble(Kind kind, String reason, String message, int failures, Instant since) {

    /** The steps that can fail, each with Kubernetes' pauses. */
    enum Kind {
        VOLUMES(Duration.ofMillis(500), Duration.ofSeconds(122)),
        SANDBOX(Duration.ofSeconds(1), Duration.ofSeconds(60)),
        IMAGE(Duration.ofSeconds(10), Duration.ofMinutes(5)),
        CONFIG(Duration.ofSeconds(10), Duration.ofSeconds(60)),
        CREATE(Duration.ofSeconds(5), Duration.ofMinutes(5));

        private final Duration first;
        private final Duration most;

        Kind(Duration first, Duration most) {
            this.first = first;
            this.most = most;
        }
    }

    /** The pod as a whole instead of one container. */
    static final String POD = "";

    /** Reason of a pull that failed and waits to be tried again. */
    static final String BACKING_OFF = "ImagePullBackOff";

    /** How long a failed pull is shown as such before it shows as backing off. */
    static final Duration FRESH = Duration.ofSeconds(1);

    Trouble {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(since, "since");
    }

    /** Whether a runtime that was away and is back may have been its cause. */
    boolean ofTheRuntime() {
        return kind == Kind.SANDBOX || kind == Kind.IMAGE || kind == Kind.CREATE;
    }

    /** When the step is tried again. */
    Instant retryAt() {
        Duration pause = kind.first.multipliedBy(1L << Math.min(20, failures - 1));
        return since.plus(pause.compareTo(kind.most) > 0 ? kind.most : pause);
    }

    /** The reason as it shows now: a pull that failed a while ago is backing off. */
    String reasonAt(Instant now) {
        boolean old = !now.isBefore(since.plus(FRESH));
        return old && reason.equals("ErrImagePull") ? BACKING_OFF : reason;
    }
}
