package io.skep.core.api;

import java.util.Objects;

/**
 * The one unchecked exception of Skep's ports. Its {@link Reason} is a Kubernetes Status reason, so the same word serves
 * the message protocol, the REST answer and the shell.
 */
public final class EdgeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Why something failed; names and HTTP codes as in Kubernetes' {@code metav1.StatusReason}. */
    public enum Reason {
        BAD_REQUEST("BadRequest", 400),
        UNAUTHORIZED("Unauthorized", 401),
        FORBIDDEN("Forbidden", 403),
        NOT_FOUND("NotFound", 404),
        ALREADY_EXISTS("AlreadyExists", 409),
        CONFLICT("Conflict", 409),
        GONE("Expired", 410),
        TOO_LARGE("RequestEntityTooLarge", 413),
        INVALID("Invalid", 422),
        TOO_MANY_REQUESTS("TooManyRequests", 429),
        INTERNAL_ERROR("InternalError", 500),
        SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
        TIMEOUT("Timeout", 504);

        private final String status;
        private final int code;

        Reason(String status, int code) {
            this.status = status;
            this.code = code;
        }

        /** The word Kubernetes uses, for example {@code NotFound}. */
        public String status() {
            return status;
        }

        /** The HTTP status code that goes with it. */
        public int code() {
            return code;
        }
    }

    private final Reason reason;

    /** Reports a failure that has no deeper cause. */
    public EdgeException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Wraps {@code cause} once, at the border where it was met. */
    public EdgeException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** Why it failed, in Kubernetes' words. */
    public Reason reason() {
        return reason;
    }
}
