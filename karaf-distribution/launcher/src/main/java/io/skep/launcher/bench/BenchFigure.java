package io.skep.launcher.bench;

import java.util.List;

/**
 * One measured figure of the bench.
 *
 * @param what its name, by which budget and peer are found
 * @param unit of {@code value}
 */
record BenchFigure(String what, double value, String unit) {

    /** The middle one of several runs; of an even number the upper. */
    static double median(List<Double> runs) {
        return runs.stream().sorted().toList().get(runs.size() / 2);
    }

    String text() {
        String number = value >= 1000 ? String.format("%,.0f", value) : String.format("%.1f", value);
        return number + " " + unit;
    }

    /** The budget for it, or {@code -}. */
    String budget() {
        return BenchBudget.of(what).ours();
    }

    /** What the peer needs, or {@code -}. */
    String peer() {
        return BenchBudget.of(what).peer();
    }
}
