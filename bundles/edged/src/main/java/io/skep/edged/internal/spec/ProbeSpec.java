package io.skep.edged.internal.spec;

import io.skep.kube.api.Doc;
import java.time.Duration;
import java.util.Optional;

/**
 * One probe of a container.
 *
 * @param kind what it decides
 * @param doc its document
 */
public record ProbeSpec(Kind kind, Doc doc) {

    /** What a probe decides. */
    public enum Kind {
        STARTUP("Startup"),
        LIVENESS("Liveness"),
        READINESS("Readiness");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The word events use. */
        public String word() {
            return word;
        }
    }

    public Duration initialDelay() {
        return seconds("initialDelaySeconds", 0);
    }

    public Duration period() {
        return Duration.ofSeconds(Math.max(1, doc.number(10, "periodSeconds")));
    }

    public Duration timeout() {
        return Duration.ofSeconds(Math.max(1, doc.number(1, "timeoutSeconds")));
    }

    /** Successes in a row that make it good. */
    public int successThreshold() {
        return (int) Math.max(1, doc.number(1, "successThreshold"));
    }

    /** Failures in a row that make it bad. */
    public int failureThreshold() {
        return (int) Math.max(1, doc.number(3, "failureThreshold"));
    }

    /** The grace when this probe has the container killed, if it differs from the pod's. */
    public Optional<Duration> grace() {
        return doc.has("terminationGracePeriodSeconds")
                ? Optional.of(seconds("terminationGracePeriodSeconds", 30))
                : Optional.empty();
    }

    private Duration seconds(String field, long fallback) {
        return Duration.ofSeconds(Math.max(0, doc.number(fallback, field)));
    }
}
