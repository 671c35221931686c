package io.skep.kube.rest.internal.protobuf;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns an object in Kubernetes' protobuf into the tree its JSON would be. kubectl since 1.32 sends what it makes from
 * flags this way, and controllers on client-go, as KubeEdge's CloudCore, all they write. Only messages of
 * {@code messages.txt} are understood.
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
        Messages messages = Messages.table();
        byte[] envelope = Arrays.copyOfRange(body, MAGIC.length, body.length);
        Map<String, Object> unknown = message(messages, "Unknown", envelope);
        Map<?, ?> type = unknown.get("typeMeta") instanceof Map<?, ?> map ? map : Map.of();
        String kind = String.valueOf(type.get("kind"));
        String apiVersion = String.valueOf(type.get("apiVersion"));
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("apiVersion", apiVersion);
        tree.put("kind", kind);
        if (unknown.get("raw") instanceof byte[] raw) {
            tree.putAll(message(messages, messages.named(apiVersion, kind), raw));
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
                case INLINE -> tree.putAll(message(messages, field.type(), in.bytes()));
                case ONE -> put(tree, field, value(messages, field.type(), in));
            }
        }
        return tree;
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

    private static Object value(Messages messages, String type, FieldReader in) {
        return switch (type) {
            case "string" -> new String(in.bytes(), StandardCharsets.UTF_8);
            case "bytes" -> Base64.getEncoder().encodeToString(in.bytes());
            case "raw" -> in.bytes();
            case "bool" -> in.number() != 0;
            case "int" -> Scalars.whole(in.number());
            case "Time" -> Scalars.time(message(messages, "Timestamp", in.bytes()));
            case "MicroTime" -> Scalars.microTime(message(messages, "Timestamp", in.bytes()));
            case "Quantity" -> message(messages, type, in.bytes()).getOrDefault("string", "");
            case "IntOrString" -> Scalars.intOrString(message(messages, type, in.bytes()));
            case "Raw" -> Scalars.json(message(messages, type, in.bytes()));
            case "Strings" -> message(messages, type, in.bytes()).getOrDefault("items", List.of());
            default -> message(messages, type, in.bytes());
        };
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
