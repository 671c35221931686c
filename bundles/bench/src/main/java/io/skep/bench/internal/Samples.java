package io.skep.bench.internal;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;

/** Many durations in nanoseconds, for their percentiles. */
final class Samples {

    private static final double NANOS_PER_MICRO = 1e3;

    private final long[] nanos;
    private int count;

    Samples(int most) {
        nanos = new long[most];
    }

    void add(long duration) {
        nanos[count++] = duration;
    }

    /** The duration that {@code percent} of all do not exceed, in microseconds. */
    double micros(int percent) {
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (count * percent + 99) / 100 - 1)] / NANOS_PER_MICRO;
    }

    /** The median of {@code runs} results; what came before it warmed up what it measures. */
    static double median(int runs, DoubleSupplier run) {
        double[] results = DoubleStream.generate(run).limit(runs).sorted().toArray();
        return results[runs / 2];
    }
}
