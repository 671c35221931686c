package io.skep.bench.internal;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One measured figure.
 *
 * @param what its name; the launcher puts budget and peer beside it by this name
 * @param unit of {@code value}
 */
record Figure(String what, double value, String unit) {

    /** All figures as one line of JSON, an array of objects. */
    static String json(List<Figure> figures) {
        return figures.stream().map(Figure::json).collect(Collectors.joining(",", "[", "]"));
    }

    private String json() {
        return String.format(Locale.ROOT, "{\"what\":\"%s\",\"value\":%.1f,\"unit\":\"%s\"}", what, value, unit);
    }
}
