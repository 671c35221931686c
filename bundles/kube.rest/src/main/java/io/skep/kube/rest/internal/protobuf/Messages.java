package io.skep.kube.rest.internal.protobuf;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The table of messages and their fields. Small, so it is read for each request and not kept. */
record Messages(Map<String, Map<Integer, Field>> byName) {

    /** Once, many times, or by key. */
    enum Shape {
        ONE,
        LIST,
        MAP
    }

    /** A field by its name in JSON. */
    record Field(String name, String type, Shape shape) {}

    /** The field of this number. */
    Field field(String message, int number) {
        Map<Integer, Field> fields = byName.get(message);
        if (fields == null) {
            throw new UnknownMessageException(message);
        }
        Field field = fields.get(number);
        if (field == null) {
            throw new UnknownMessageException("field " + number + " of " + message);
        }
        return field;
    }

    static Messages load() {
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

    private static Field field(String name, String type) {
        if (type.startsWith("[]")) {
            return new Field(name, type.substring(2), Shape.LIST);
        }
        return type.startsWith("{}") ? new Field(name, type.substring(2), Shape.MAP) : new Field(name, type, Shape.ONE);
    }
}
