package io.skep.kube.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON for the fake store: reading patches and merging them as far as pods and nodes need it. */
final class JsonTree {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static final Map<String, String> MERGE_KEYS = Map.ofEntries(
            Map.entry("conditions", "type"),
            Map.entry("addresses", "type"),
            Map.entry("containers", "name"),
            Map.entry("initContainers", "name"),
            Map.entry("containerStatuses", "name"),
            Map.entry("initContainerStatuses", "name"),
            Map.entry("ephemeralContainerStatuses", "name"),
            Map.entry("volumes", "name"),
            Map.entry("env", "name"),
            Map.entry("podIPs", "ip"),
            Map.entry("ownerReferences", "uid"));

    private JsonTree() {}

    static Map<String, Object> parse(String text) {
        try {
            return MAPPER.readValue(text, new TypeReference<LinkedHashMap<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new KubeException(Status.of(Status.BAD_REQUEST, 400, "no JSON object: " + e.getOriginalMessage()), e);
        }
    }

    /** {@code base} with {@code patch} laid over it; {@code byKey} merges known lists by their key. */
    static Map<String, Object> merge(Map<?, ?> base, Map<?, ?> patch, boolean byKey) {
        Map<String, Object> merged = new LinkedHashMap<>();
        if (!(byKey && "replace".equals(patch.get("$patch")))) {
            base.forEach((k, v) -> merged.put((String) k, v));
        }
        patch.forEach((k, value) -> {
            String name = (String) k;
            if (name.startsWith("$") && byKey) {
                return;
            }
            Object old = merged.get(name);
            if (value == null) {
                merged.remove(name);
            } else if (value instanceof Map<?, ?> map) {
                merged.put(name, merge(old instanceof Map<?, ?> o ? o : Map.of(), map, byKey));
            } else if (byKey && value instanceof List<?> list && MERGE_KEYS.containsKey(name)) {
                merged.put(name, mergeList(old instanceof List<?> o ? o : List.of(), list, MERGE_KEYS.get(name)));
            } else {
                merged.put(name, value);
            }
        });
        return merged;
    }

    private static List<Object> mergeList(List<?> base, List<?> patch, String key) {
        Map<Object, Object> byKey = new LinkedHashMap<>();
        base.forEach(item -> byKey.put(keyOf(item, key), item));
        for (Object item : patch) {
            Object id = keyOf(item, key);
            Map<?, ?> fields = (Map<?, ?>) item;
            if ("delete".equals(fields.get("$patch"))) {
                byKey.remove(id);
            } else {
                Object old = byKey.get(id);
                byKey.put(id, merge(old instanceof Map<?, ?> o ? o : Map.of(), fields, true));
            }
        }
        return new ArrayList<>(byKey.values());
    }

    private static Object keyOf(Object item, String key) {
        return item instanceof Map<?, ?> map ? map.get(key) : item;
    }
}
