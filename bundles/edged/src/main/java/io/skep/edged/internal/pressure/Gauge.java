package io.skep.edged.internal.pressure;

import io.skep.edged.internal.node.Machine;
import java.util.Map;

/** Where the figures come from; blocks on disk and runtime. What can't be measured is not in the answer. */
@FunctionalInterface
public interface Gauge {

    /** The figures now; {@code load} was measured just before. */
    Map<Signal, Reading> read(Machine.Load load);
}
