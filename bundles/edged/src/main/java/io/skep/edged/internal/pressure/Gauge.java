package io.skep.edged.internal.pressure;

import io.skep.edged.internal.node.Machine;
import io.skep.runtime.api.PodRuntime;
import java.util.Map;
import java.util.Optional;

/** Where the figures come from; blocks on disk and runtime. What can't be measured is not in the answer. */
public interface Gauge {

    /** The figures now; {@code load} was measured just before. */
    Map<Signal, Reading> read(Machine.Load load);

    /** The file system of a runtime's images; empty for a runtime that keeps none here, or is away. */
    Optional<Reading> images(PodRuntime runtime);
}
