package io.skep.core.api.module;

import java.util.Objects;

/**
 * How something is.
 *
 * @param ok whether it does its job
 * @param reason one word in CamelCase, as in a Kubernetes condition
 * @param message one sentence for an operator, or {@code ""}
 */
public record Health(boolean ok, String reason, String message) {

    /** All is well. */
    public static final Health HEALTHY = new Health(true, "Healthy", "");

    public Health {
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(message, "message");
    }

    /** Not doing its job, for this reason. */
    public static Health unhealthy(String reason, String message) {
        return new Health(false, reason, message);
    }
}
