package io.skep.kube.api;

import java.util.Objects;

/** A request to a {@link ResourceStore} that failed; carries the {@link Status} a Kubernetes client would be sent. */
public final class KubeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Status status;

    public KubeException(Status status) {
        super(status.message());
        this.status = Objects.requireNonNull(status, "status");
    }

    public KubeException(Status status, Throwable cause) {
        super(status.message(), cause);
        this.status = Objects.requireNonNull(status, "status");
    }

    /** What to answer. */
    public Status status() {
        return status;
    }

    /** Short for {@code status().reason()}. */
    public String reason() {
        return status.reason();
    }
}
