package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An object while defaults are filled in: a changeable tree whose shape the schema has checked. */
final class Tree {

    private final Map<String, Object> fields;

    private Tree(Map<String, Object> fields) {
        this.fields = fields;
    }

    static Tree copyOf(Doc doc) {
        return new Tree(copy(doc.asMap()));
    }

    Map<String, Object> fields() {
        return fields;
    }

    /** The object in {@code name}, made when absent. */
    Tree child(String name) {
        Object value = fields.get(name);
        if (!(value instanceof Map<?, ?>)) {
            fields.put(name, new LinkedHashMap<String, Object>());
        }
        return view(fields.get(name));
    }

    boolean has(String name) {
        return fields.get(name) != null;
    }

    String text(String name) {
        return fields.get(name) instanceof String text ? text : "";
    }

    boolean flag(String name) {
        return Boolean.TRUE.equals(fields.get(name));
    }

    /** The objects of a list; none when it is absent. */
    List<Tree> list(String name) {
        List<Tree> items = new ArrayList<>();
        if (fields.get(name) instanceof List<?> list) {
            list.stream().filter(Map.class::isInstance).forEach(item -> items.add(view(item)));
        }
        return items;
    }

    /** Appends an object to a list, made when absent. */
    @SuppressWarnings("unchecked")
    void append(String name, Map<String, Object> item) {
        ((List<Object>) fields.computeIfAbsent(name, n -> new ArrayList<>())).add(item);
    }

    void put(String name, Object value) {
        fields.put(name, value);
    }

    void remove(String name) {
        fields.remove(name);
    }

    /** Sets what is absent or {@code ""}. */
    void orElse(String name, Object value) {
        Object old = fields.get(name);
        if (old == null || "".equals(old)) {
            fields.put(name, value);
        }
    }

    /** Runs on the object in {@code name} if there is one. */
    void ifHas(String name, java.util.function.Consumer<Tree> work) {
        if (fields.get(name) instanceof Map<?, ?>) {
            work.accept(child(name));
        }
    }

    @SuppressWarnings("unchecked")
    private static Tree view(Object map) {
        return new Tree((Map<String, Object>) map);
    }

    private static Map<String, Object> copy(Map<?, ?> map) {
        Map<String, Object> copy = new LinkedHashMap<>(map.size() * 2);
        map.forEach((key, value) -> copy.put((String) key, copyValue(value)));
        return copy;
    }

    private static Object copyValue(Object value) {
        if (value instanceof Map<?, ?> map) {
            return copy(map);
        }
        if (value instanceof List<?> list) {
            List<Object> copy = new ArrayList<>(list.size());
            list.forEach(item -> copy.add(copyValue(item)));
            return copy;
        }
        return value;
    }
}
