package io.skep.kube.rest.internal.protobuf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The table of messages and their fields. Given up when memory is short: a cloud whose clients speak JSON never needs it
 * again.
 */
record Messages(Map<String, Map<Integer, Field>> byName) {

    private static volatile SoftReference<Messages> cached = new SoftReference<>(null);

    /** Once, many times, by key, or with its own fields beside the others. */
    enum Shape {
        ONE,
        LIST,
        MAP,
        INLINE
    }

    /**
     * A field by its name in JSON.
     *
     * @param leftOut whether JSON has no such field when the value is empty, false or zero
     */
    record Field(String name, String type, Shape shape, boolean leftOut) {}

    /** The fields of a message by their numbers. */
    Map<Integer, Field> fields(String message) {
        Map<Integer, Field> fields = byName.get(message);
        if (fields == null) {
            throw new UnknownMessageException(message);
        }
        return fields;
    }

    /** The message's name for an object of this kind: the plain kind, unless two groups have one. */
    String named(String apiVersion, String kind) {
        String group = apiVersion.split("[./]", 2)[0];
        return byName.containsKey(group + "." + kind) ? group + "." + kind : kind;
    }

    static Messages table() {
        Messages table = cached.get();
        if (table == null) {
            table = load();
            cached = new SoftReference<>(table);
        }
        return table;
    }

    private static Messages load() {
        Map<String, Map<Integer, Field>> byName = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Messages.class.getResourceAsStream("messages.txt")), StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> add(line, byName));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Messages(byName);
    }

    private static void add(String line, Map<String, Map<Integer, Field>> byName) {
        String[] words = line.split(" ");
        Map<Integer, Field> fields = new HashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            int colon = words[i].indexOf(':');
            fields.put(
                    Integer.valueOf(words[i].substring(equals + 1, colon)),
                    field(words[i].substring(0, equals), words[i].substring(colon + 1)));
        }
        byName.put(words[0], fields);
    }

    private static Field field(String name, String text) {
        boolean leftOut = text.endsWith("?");
        String type = leftOut ? text.substring(0, text.length() - 1) : text;
        Shape shape = type.startsWith("[]")
                ? Shape.LIST
                : type.startsWith("{}") ? Shape.MAP : type.startsWith("+") ? Shape.INLINE : Shape.ONE;
        int prefix = switch (shape) {
            case LIST, MAP -> 2;
            case INLINE -> 1;
            case ONE -> 0;
        };
        return new Field(name, type.substring(prefix), shape, leftOut);
    }
}
