package io.skep.bus.internal.host;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * How long a module that is tried may take to be well.
 *
 * @param limit of each try
 * @param nanos the clock, which must never jump, as {@link System#nanoTime}
 */
public record Gate(Duration limit, LongSupplier nanos) {

    /** A gate on this process's own clock. */
    public Gate(Duration limit) {
        this(limit, System::nanoTime);
    }

    /** Begins a try; the answer tells whether its time is over. */
    public BooleanSupplier begin() {
        long end = nanos.getAsLong() + limit.toNanos();
        return () -> nanos.getAsLong() - end >= 0;
    }
}
