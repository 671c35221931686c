package io.skep.edgecontroller.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skep.core.api.message.Content;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Status;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON text to trees and back. Decimal fractions keep their digits. */
public final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** The text of a tree, a document or an object. */
    public static String text(Object tree) {
        Object plain = tree instanceof KubeObject object ? object.doc().asMap() : tree;
        try {
            return MAPPER.writeValueAsString(plain instanceof Doc doc ? doc.asMap() : plain);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON tree", e);
        }
    }

    private static Object value(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw malformed("content is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The object a content holds, embedded or as JSON in a string: peers send both. */
    public static Doc object(Content content) {
        Object value = unwrapped(content);
        if (!(value instanceof Map<?, ?> map)) {
            throw malformed("content is no JSON object", null);
        }
        return Doc.of(typed(map));
    }

    /** The objects a content holds: one, or a list of them. */
    public static List<Doc> objects(Content content) {
        Object value = unwrapped(content);
        if (!(value instanceof List<?> list)) {
            return List.of(object(content));
        }
        return list.stream()
                .filter(Map.class::isInstance)
                .map(item -> Doc.of(typed((Map<?, ?>) item)))
                .toList();
    }

    /** The content as the text a Go peer would see: a string as it is, anything else as JSON. */
    static String string(Content content) {
        Object value = value(content.json());
        return value instanceof String text ? text : content.json();
    }

    private static Object unwrapped(Content content) {
        Object value = value(content.json());
        return value instanceof String text ? value(text) : value;
    }

    private static Map<String, Object> typed(Map<?, ?> map) {
        return MAPPER.convertValue(map, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    private static KubeException malformed(String why, Exception cause) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, why), cause);
    }
}
