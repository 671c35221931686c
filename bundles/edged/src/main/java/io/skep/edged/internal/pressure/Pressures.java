package io.skep.edged.internal.pressure;

import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the node is short of. A pressure once seen is said until it has not been seen for the transition period, so that the
 * node does not waver. Belongs to the module's thread.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/eviction/eviction_manager.go}.
 */
public final class Pressures {

    /** A threshold that is met, and by what. */
    public record Met(Threshold threshold, Reading reading) {}

    private final Thresholds thresholds;
    private final Map<Pressure, Instant> seen = new EnumMap<>(Pressure.class);
    private List<Met> met = List.of();

    public Pressures(Thresholds thresholds) {
        this.thresholds = thresholds;
    }

    /** Takes new figures. */
    public void observe(Map<Signal, Reading> readings, Instant now) {
        met = thresholds.list().stream()
                .filter(t -> readings.containsKey(t.signal()))
                .map(t -> new Met(t, readings.get(t.signal())))
                .filter(m -> m.threshold().met(m.reading()))
                .toList();
        met.forEach(m -> seen.put(m.threshold().signal().pressure(), now));
        // A clock that was set back must not make it last longer.
        seen.replaceAll((pressure, at) -> at.isAfter(now) ? now : at);
        seen.values().removeIf(at -> !at.equals(now) && !now.isBefore(at.plus(thresholds.transition())));
    }

    /** The thresholds met at the last look, what matters most first. */
    public List<Met> met() {
        return met;
    }

    /** What the node says of itself. */
    public Set<Pressure> conditions() {
        Set<Pressure> now = EnumSet.noneOf(Pressure.class);
        now.addAll(seen.keySet());
        return now;
    }
}
