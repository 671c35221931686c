package io.skep.kube.rest.internal.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns messages into trees by the table, and remembers what the table lacks. */
final class MessageReader {

    private final Messages messages;
    private final int mostUnknown;
    private final Set<String> unknown = new LinkedHashSet<>();

    MessageReader(Messages messages, int mostUnknown) {
        this.messages = messages;
        this.mostUnknown = mostUnknown;
    }

    /** Fields with content that were left out. */
    List<String> unknown() {
        return List.copyOf(unknown);
    }

    /** The tree of one message. */
    Map<String, Object> read(String name, byte[] bytes) {
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<Integer, Messages.Field> fields = messages.fields(name);
        FieldReader in = new FieldReader(bytes);
        while (in.next()) {
            Messages.Field field = fields.get(in.field());
            if (field == null) {
                leaveOut(name, in);
            } else {
                take(field, in, tree);
            }
        }
        return tree;
    }

    private void take(Messages.Field field, FieldReader in, Map<String, Object> tree) {
        switch (field.shape()) {
            case LIST -> list(tree, field.name()).add(value(field.type(), in));
            case MAP -> entry(field, in.bytes(), tree);
            case INLINE -> tree.putAll(read(field.type(), in.bytes()));
            case ONE -> put(tree, field, value(field.type(), in));
        }
    }

    /** What is empty loses nothing; Go writes that too, of fields that are no more. */
    private void leaveOut(String message, FieldReader in) {
        if (!in.isDefault() && unknown.size() < mostUnknown) {
            unknown.add("unknown field " + in.field() + " of " + message);
        }
    }

    /** Go writes fields even when they are empty; JSON leaves most of them out. */
    private static void put(Map<String, Object> tree, Messages.Field field, Object value) {
        if (value != null && !(field.leftOut() && isEmpty(value))) {
            tree.put(field.name(), value);
        }
    }

    private static boolean isEmpty(Object value) {
        return "".equals(value)
                || Boolean.FALSE.equals(value)
                || value instanceof Integer number && number == 0
                || value instanceof Map<?, ?> map && map.isEmpty();
    }

    private Object value(String type, FieldReader in) {
        return switch (type) {
            case "string" -> new String(in.bytes(), StandardCharsets.UTF_8);
            case "bytes" -> Base64.getEncoder().encodeToString(in.bytes());
            case "raw" -> in.bytes();
            case "bool" -> in.number() != 0;
            case "int" -> Scalars.whole(in.number());
            case "Time" -> Scalars.time(read("Timestamp", in.bytes()));
            case "MicroTime" -> Scalars.microTime(read("Timestamp", in.bytes()));
            case "Quantity" -> read(type, in.bytes()).getOrDefault("string", "");
            case "IntOrString" -> Scalars.intOrString(read(type, in.bytes()));
            case "Raw" -> Scalars.json(read(type, in.bytes()));
            case "Strings" -> read(type, in.bytes()).getOrDefault("items", List.of());
            default -> read(type, in.bytes());
        };
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Map<String, Object> tree, String name) {
        return (List<Object>) tree.computeIfAbsent(name, n -> new ArrayList<>());
    }

    @SuppressWarnings("unchecked")
    private void entry(Messages.Field field, byte[] bytes, Map<String, Object> tree) {
        Map<String, Object> map =
                (Map<String, Object>) tree.computeIfAbsent(field.name(), n -> new LinkedHashMap<String, Object>());
        String key = "";
        Object value = "";
        FieldReader in = new FieldReader(bytes);
        while (in.next()) {
            if (in.field() == 1) {
                key = new String(in.bytes(), StandardCharsets.UTF_8);
            } else {
                value = value(field.type(), in);
            }
        }
        map.put(key, value);
    }
}
