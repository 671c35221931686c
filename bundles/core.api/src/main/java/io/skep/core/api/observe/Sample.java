package io.skep.core.api.observe;

import java.util.Map;
import java.util.Objects;

/**
 * One figure.
 *
 * @param name Prometheus name with its unit, without {@code _total}: {@code skep_bus_messages}
 * @param kind whether it only grows
 * @param help one sentence
 * @param labels label values by name; few and bounded
 * @param value the figure, in base units (seconds, bytes)
 */
public record Sample(String name, Kind kind, String help, Map<String, String> labels, double value) {

    /** Prometheus' two simple types. */
    public enum Kind {
        COUNTER,
        GAUGE
    }

    public Sample {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(help, "help");
        labels = Map.copyOf(labels);
    }

    /** A figure that only grows while the process lives. */
    public static Sample counter(String name, String help, Map<String, String> labels, double value) {
        return new Sample(name, Kind.COUNTER, help, labels, value);
    }

    /** A figure that goes up and down. */
    public static Sample gauge(String name, String help, Map<String, String> labels, double value) {
        return new Sample(name, Kind.GAUGE, help, labels, value);
    }
}
