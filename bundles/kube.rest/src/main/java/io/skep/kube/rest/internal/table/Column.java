package io.skep.kube.rest.internal.table;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One column of a table.
 *
 * @param name heading
 * @param type {@code string} or {@code integer}
 * @param format {@code name} for the object's name, else {@code ""}
 * @param priority 0 is always shown, 1 only by {@code -o wide}
 */
public record Column(String name, String type, String format, int priority) {

    static Column ofName() {
        return new Column("Name", "string", "name", 0);
    }

    static Column of(String name) {
        return new Column(name, "string", "", 0);
    }

    static Column wide(String name) {
        return new Column(name, "string", "", 1);
    }

    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", name);
        tree.put("type", type);
        tree.put("format", format);
        tree.put("description", "");
        tree.put("priority", priority);
        return tree;
    }
}
