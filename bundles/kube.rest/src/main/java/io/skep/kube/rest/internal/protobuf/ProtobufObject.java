package io.skep.kube.rest.internal.protobuf;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns an object in Kubernetes' protobuf into the tree its JSON would be. kubectl since 1.32 sends what it makes from
 * flags this way. Only messages of {@code messages.txt} are understood.
 *
 * <p>Source: {@code apimachinery/pkg/runtime/serializer/protobuf}: four bytes of magic, then {@code runtime.Unknown}.
 */
public final class ProtobufObject {

    public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

    private static final byte[] MAGIC = {'k', '8', 's', 0};

    private ProtobufObject() {}

    /**
     * The tree of one object.
     *
     * @throws MalformedProtobufException when the bytes can't be read
     * @throws UnknownMessageException when the table lacks the message or a field of it
     */
    public static Map<String, Object> read(byte[] body) {
        if (body.length < MAGIC.length || !Arrays.equals(body, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new MalformedProtobufException("the body does not begin with Kubernetes' protobuf prefix");
        }
        Messages messages = Messages.load();
        byte[] envelope = Arrays.copyOfRange(body, MAGIC.length, body.length);
        Map<String, Object> unknown = message(messages, "Unknown", envelope);
        Map<?, ?> type = unknown.get("typeMeta") instanceof Map<?, ?> map ? map : Map.of();
        String kind = String.valueOf(type.get("kind"));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", String.valueOf(type.get("apiVersion")));
        tree.put("kind", kind);
        if (unknown.get("raw") instanceof byte[] raw) {
            tree.putAll(message(messages, kind, raw));
        }
        return tree;
    }

    private static Map<String, Object> message(Messages messages, String name, byte[] bytes) {
        Map<String, Object> tree = new LinkedHashMap<>();
        FieldReader in = new FieldReader(bytes);
        while (in.next()) {
            Messages.Field field = messages.field(name, in.field());
            switch (field.shape()) {
                case LIST -> list(tree, field.name()).add(value(messages, field.type(), in));
                case MAP -> entry(messages, field, in.bytes(), tree);
                case ONE -> putUnlessEmpty(tree, field.name(), value(messages, field.type(), in));
            }
        }
        return tree;
    }

    /** Go writes fields even when they are empty; JSON leaves them out. */
    private static void putUnlessEmpty(Map<String, Object> tree, String name, Object value) {
        boolean empty = "".equals(value) || value instanceof Map<?, ?> map && map.isEmpty();
        if (!empty) {
            tree.put(name, value);
        }
    }

    private static Object value(Messages messages, String type, FieldReader in) {
        return switch (type) {
            case "string" -> new String(in.bytes(), StandardCharsets.UTF_8);
            case "bytes" -> Base64.getEncoder().encodeToString(in.bytes());
            case "raw" -> in.bytes();
            case "bool" -> in.number() != 0;
            case "int" -> in.number();
            case "Time" -> time(message(messages, type, in.bytes()));
            default -> message(messages, type, in.bytes());
        };
    }

    private static Object time(Map<String, Object> parts) {
        Object seconds = parts.get("seconds");
        return seconds instanceof Long number ? Instant.ofEpochSecond(number).toString() : "";
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Map<String, Object> tree, String name) {
        return (List<Object>) tree.computeIfAbsent(name, n -> new ArrayList<>());
    }

    @SuppressWarnings("unchecked")
    private static void entry(Messages messages, Messages.Field field, byte[] bytes, Map<String, Object> tree) {
        Map<String, Object> map =
                (Map<String, Object>) tree.computeIfAbsent(field.name(), n -> new LinkedHashMap<String, Object>());
        String key = "";
        Object value = "";
        FieldReader in = new FieldReader(bytes);
        while (in.next()) {
            if (in.field() == 1) {
                key = new String(in.bytes(), StandardCharsets.UTF_8);
            } else {
                value = value(messages, field.type(), in);
            }
        }
        map.put(key, value);
    }
}
