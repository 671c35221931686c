package io.skep.kube.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** JSON values in the text of a {@link Status}, as Go shows them there. */
public final class GoText {

    private GoText() {}

    /** As {@code %v}: {@code map[a:1 b:[x y]]}. */
    public static String of(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> sorted = new TreeMap<>();
            map.forEach((key, item) -> sorted.put(String.valueOf(key), item));
            return sorted.entrySet().stream()
                    .map(entry -> entry.getKey() + ":" + of(entry.getValue()))
                    .collect(Collectors.joining(" ", "map[", "]"));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(GoText::of).collect(Collectors.joining(" ", "[", "]"));
        }
        return value == null ? "<nil>" : String.valueOf(value);
    }

    /** Its kind, as reflection names it. */
    public static String kind(Object value) {
        if (value instanceof String) {
            return "string";
        }
        if (value instanceof Boolean) {
            return "bool";
        }
        if (value instanceof Integer || value instanceof Long) {
            return "int64";
        }
        if (value instanceof Number) {
            return "float64";
        }
        return value instanceof List ? "slice" : "map";
    }
}
