package io.skep.kube.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * One JSON object, immutable, in field order. A path is the field names from the outside in; a step into something that
 * is not an object finds nothing.
 */
public final class Doc {

    /** The object without fields. */
    public static final Doc EMPTY = new Doc(Map.of());

    private final Map<String, Object> fields;

    private Doc(Map<String, Object> fields) {
        this.fields = fields;
    }

    /**
     * Copies a tree of maps (with string keys), lists, strings, numbers, booleans and {@code null}.
     *
     * @throws IllegalArgumentException for any other type of value
     */
    public static Doc of(Map<String, ?> tree) {
        return new Doc(copyFields(tree));
    }

    /** The tree, unmodifiable. */
    public Map<String, Object> asMap() {
        return fields;
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    /** The value at {@code path}; empty when it is absent or {@code null}. */
    public Optional<Object> at(String... path) {
        Object value = fields;
        for (String step : path) {
            if (!(value instanceof Map<?, ?> map)) {
                return Optional.empty();
            }
            value = map.get(step);
        }
        return Optional.ofNullable(value);
    }

    /** Whether there is a value other than {@code null} at {@code path}. */
    public boolean has(String... path) {
        return at(path).isPresent();
    }

    /** The string at {@code path}, a number or boolean as text, or {@code ""}. */
    public String text(String... path) {
        return at(path).filter(v -> !(v instanceof Map || v instanceof List))
                .map(Object::toString)
                .orElse("");
    }

    /** The whole number at {@code path}, or {@code fallback} when there is none. */
    public long number(long fallback, String... path) {
        return at(path).filter(Number.class::isInstance)
                .map(v -> ((Number) v).longValue())
                .orElse(fallback);
    }

    /** The boolean at {@code path}, or {@code fallback} when there is none. */
    public boolean flag(boolean fallback, String... path) {
        return at(path).filter(Boolean.class::isInstance)
                .map(Boolean.class::cast)
                .orElse(fallback);
    }

    /** The object at {@code path}, or {@link #EMPTY}. */
    public Doc object(String... path) {
        return at(path).filter(Map.class::isInstance).map(Doc::view).orElse(EMPTY);
    }

    /** The objects in the list at {@code path}; anything else in it is left out. */
    public List<Doc> objects(String... path) {
        List<Doc> objects = new ArrayList<>();
        for (Object item : items(path)) {
            if (item instanceof Map<?, ?>) {
                objects.add(view(item));
            }
        }
        return objects;
    }

    /** The list at {@code path} as texts. */
    public List<String> texts(String... path) {
        return items(path).stream().map(String::valueOf).toList();
    }

    /** The string map at {@code path}, in order. */
    public Map<String, String> textMap(String... path) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(path).fields.forEach((key, value) -> texts.put(key, value == null ? "" : value.toString()));
        return Collections.unmodifiableMap(texts);
    }

    /** The list at {@code path}, or an empty one. */
    public List<?> items(String... path) {
        return at(path).filter(List.class::isInstance).map(v -> (List<?>) v).orElse(List.of());
    }

    /** A document in which {@code path} holds {@code value}; objects on the way are made. A {@code Doc} is unwrapped. */
    public Doc with(Object value, String... path) {
        if (path.length == 0) {
            throw new IllegalArgumentException("a path has at least one step");
        }
        return new Doc(put(fields, path, 0, copy(value)));
    }

    /** A document without what is at {@code path}. */
    public Doc without(String... path) {
        if (!has(path) && !holdsNull(path)) {
            return this;
        }
        return new Doc(put(fields, path, 0, REMOVED));
    }

    private static final Object REMOVED = new Object();

    private boolean holdsNull(String... path) {
        String[] parent = java.util.Arrays.copyOf(path, path.length - 1);
        return at(parent)
                .filter(v -> v instanceof Map<?, ?> map && map.containsKey(path[path.length - 1]))
                .isPresent();
    }

    private static Map<String, Object> put(Map<?, ?> node, String[] path, int step, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>();
        node.forEach((key, old) -> changed.put((String) key, old));
        if (step < path.length - 1) {
            Map<?, ?> child = changed.get(path[step]) instanceof Map<?, ?> map ? map : Map.of();
            changed.put(path[step], put(child, path, step + 1, value));
        } else if (value == REMOVED) {
            changed.remove(path[step]);
        } else {
            changed.put(path[step], value);
        }
        return Collections.unmodifiableMap(changed);
    }

    /** Wraps a map that already is part of an immutable tree. */
    @SuppressWarnings("unchecked")
    private static Doc view(Object map) {
        return new Doc((Map<String, Object>) map);
    }

    private static Map<String, Object> copyFields(Map<?, ?> tree) {
        Map<String, Object> copied = new LinkedHashMap<>(tree.size() * 2);
        tree.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException("a field name must be a string, is " + key);
            }
            copied.put(name, copy(value));
        });
        return Collections.unmodifiableMap(copied);
    }

    private static Object copy(Object value) {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Doc doc) {
            return doc.fields;
        }
        if (value instanceof KubeObject object) {
            return object.doc().fields;
        }
        if (value instanceof Map<?, ?> map) {
            return copyFields(map);
        }
        if (value instanceof Iterable<?> list) {
            List<Object> copied = new ArrayList<>();
            list.forEach(item -> copied.add(copy(item)));
            return Collections.unmodifiableList(copied);
        }
        throw new IllegalArgumentException("no JSON value: " + value.getClass().getName());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Doc doc && fields.equals(doc.fields);
    }

    @Override
    public int hashCode() {
        return Objects.hash(fields);
    }

    @Override
    public String toString() {
        return fields.toString();
    }
}
