package io.skep.kube.rest.internal.api;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** JSON values as Go's {@code %v} shows them: {@code map[a:1 b:[x y]]}. */
final class GoText {

    private GoText() {}

    static String of(Object value) {
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
}
