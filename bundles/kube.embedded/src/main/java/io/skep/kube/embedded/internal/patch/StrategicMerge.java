package io.skep.kube.embedded.internal.patch;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.rules.Schema;
import io.skep.kube.embedded.internal.rules.Schema.Definition;
import io.skep.kube.embedded.internal.rules.Schema.ListMerge;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Kubernetes' own merge: objects by field, lists by the merge key of the kind's schema, and directives that begin with a
 * dollar sign.
 *
 * <p>Source: Kubernetes {@code apimachinery/pkg/util/strategicpatch/patch.go}.
 */
final class StrategicMerge {

    private static final String DIRECTIVE = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String REMOVE = "$deleteFromPrimitiveList/";

    private final Schema schema;

    StrategicMerge(Schema schema) {
        this.schema = schema;
    }

    /** Merges a patch into an object described by {@code definition}. */
    Map<String, Object> merge(
            Optional<Definition> definition, Map<String, Object> original, Map<String, Object> patch) {
        Object directive = patch.get(DIRECTIVE);
        if ("replace".equals(directive)) {
            return stripped(patch);
        }
        if ("delete".equals(directive)) {
            return new LinkedHashMap<>();
        }
        Map<String, Object> merged = new LinkedHashMap<>(original);
        retain(merged, patch);
        patch.forEach((field, value) -> {
            if (field.startsWith(REMOVE)) {
                removePrimitives(merged, field.substring(REMOVE.length()), list(value));
            } else if (!field.startsWith("$")) {
                field(definition, merged, field, value);
            }
        });
        patch.forEach((field, value) -> {
            if (field.startsWith(ORDER)) {
                String name = field.substring(ORDER.length());
                reorder(merged, name, list(value), rule(definition, name));
            }
        });
        return merged;
    }

    private void field(Optional<Definition> definition, Map<String, Object> merged, String field, Object value) {
        Object old = merged.get(field);
        Optional<Definition> inner = definition.flatMap(d -> schema.inside(d, field));
        ListMerge rule = rule(definition, field);
        if (value == null) {
            merged.remove(field);
        } else if (value instanceof Map<?, ?> patch) {
            if ("delete".equals(patch.get(DIRECTIVE))) {
                merged.remove(field);
            } else {
                // A new object still has to lose the patch's nulls and directives.
                Map<String, Object> base = old instanceof Map<?, ?> map ? fields(map) : Map.of();
                merged.put(field, merge(inner, base, fields(patch)));
            }
        } else if (value instanceof List<?> patch && rule.merge()) {
            List<?> base = old instanceof List<?> items ? items : List.of();
            merged.put(field, rule.key().isEmpty() ? union(base, patch) : mergeByKey(inner, base, patch, rule.key()));
        } else {
            merged.put(field, value);
        }
    }

    private List<Object> mergeByKey(Optional<Definition> item, List<?> original, List<?> patch, String key) {
        boolean replaces =
                patch.stream().anyMatch(p -> p instanceof Map<?, ?> map && "replace".equals(map.get(DIRECTIVE)));
        List<Object> merged = replaces ? new ArrayList<>() : new ArrayList<>(original);
        for (Object element : patch) {
            if (!(element instanceof Map<?, ?> map)) {
                throw invalid("expected an object in a list merged by " + key);
            }
            Map<String, Object> change = fields(map);
            Object directive = change.get(DIRECTIVE);
            if ("replace".equals(directive) && change.get(key) == null) {
                continue;
            }
            if (change.get(key) == null) {
                throw invalid("map: " + map + " does not contain declared merge key: " + key);
            }
            int at = indexOf(merged, key, change.get(key));
            if ("delete".equals(directive)) {
                merged.removeIf(old -> has(old, key, change.get(key)));
            } else if (at < 0) {
                merged.add(merge(item, Map.of(), change));
            } else {
                merged.set(at, merge(item, fields((Map<?, ?>) merged.get(at)), change));
            }
        }
        return merged;
    }

    private static List<Object> union(List<?> original, List<?> patch) {
        List<Object> merged = new ArrayList<>(original);
        patch.stream().filter(value -> !merged.contains(value)).forEach(merged::add);
        return merged;
    }

    /** With this directive the patch names all fields that are to remain. */
    private static void retain(Map<String, Object> merged, Map<String, Object> patch) {
        if (patch.get(RETAIN) instanceof List<?> keys) {
            merged.keySet().retainAll(keys);
        }
    }

    private static void removePrimitives(Map<String, Object> merged, String field, List<?> values) {
        if (merged.get(field) instanceof List<?> old) {
            List<Object> kept = new ArrayList<>(old);
            kept.removeAll(values);
            merged.put(field, kept);
        }
    }

    /** Elements the order names stand in its order; each other one stays behind the element it stood behind. */
    private static void reorder(Map<String, Object> merged, String field, List<?> order, ListMerge rule) {
        if (!(merged.get(field) instanceof List<?> items)) {
            return;
        }
        List<Object> named = new ArrayList<>();
        for (Object wanted : order) {
            Object id = rule.key().isEmpty() || !(wanted instanceof Map<?, ?> map) ? wanted : map.get(rule.key());
            items.stream()
                    .filter(item -> rule.key().isEmpty() ? item.equals(id) : has(item, rule.key(), id))
                    .forEach(named::add);
        }
        List<Object> result = new ArrayList<>(named);
        Object previous = null;
        for (Object item : items) {
            if (!named.contains(item)) {
                result.add(previous == null ? 0 : result.indexOf(previous) + 1, item);
            }
            previous = item;
        }
        merged.put(field, result);
    }

    private static ListMerge rule(Optional<Definition> definition, String field) {
        return definition.map(d -> d.merge(field)).orElse(new ListMerge(false, false, ""));
    }

    private static int indexOf(List<Object> items, String key, Object id) {
        for (int i = 0; i < items.size(); i++) {
            if (has(items.get(i), key, id)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean has(Object item, String key, Object id) {
        return item instanceof Map<?, ?> map && Objects.equals(map.get(key), id);
    }

    private static Map<String, Object> stripped(Map<String, Object> patch) {
        Map<String, Object> rest = new LinkedHashMap<>(patch);
        rest.keySet().removeIf(field -> field.startsWith("$"));
        return rest;
    }

    private static List<?> list(Object value) {
        return value instanceof List<?> items ? items : List.of();
    }

    private static Map<String, Object> fields(Map<?, ?> map) {
        Map<String, Object> fields = new LinkedHashMap<>(map.size() * 2);
        map.forEach((key, value) -> fields.put((String) key, value));
        return fields;
    }

    private static KubeException invalid(String message) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, message));
    }
}
