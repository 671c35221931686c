package io.skep.edged.internal.link;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.kube.api.Doc;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** JSON text to plain trees and back; the only class of the bundle that knows the JSON library. */
public final class Json {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    /**
     * Reads any JSON value: map, list, string, number, boolean, or {@code null} as an empty string.
     *
     * @throws EdgeException {@code INVALID} when the text is no JSON
     */
    public static Object read(String text) {
        try {
            Object value = MAPPER.readValue(text, Object.class);
            return value == null ? "" : value;
        } catch (JsonProcessingException e) {
            throw new EdgeException(Reason.INVALID, "not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Reads a JSON object.
     *
     * @throws EdgeException {@code INVALID} when the text is none
     */
    public static Doc object(String text) {
        if (read(text) instanceof Map<?, ?> map) {
            return object(map);
        }
        throw new EdgeException(Reason.INVALID, "not a JSON object");
    }

    /** The objects of a JSON array; anything else in it is left out, and no array has none. */
    public static List<Doc> list(String text) {
        List<Doc> docs = new ArrayList<>();
        if (read(text) instanceof List<?> items) {
            items.forEach(item -> {
                if (item instanceof Map<?, ?> map) {
                    docs.add(object(map));
                }
            });
        }
        return docs;
    }

    /** A map that came out of {@link #read} as a document. */
    @SuppressWarnings("unchecked")
    public static Doc object(Map<?, ?> map) {
        return Doc.of((Map<String, ?>) map);
    }

    /** An object, or one that is the text of a string, as some of KubeEdge's messages have it; else an empty one. */
    public static Doc embedded(String text) {
        Object content = read(text);
        if (content instanceof Map<?, ?> map) {
            return object(map);
        }
        return content instanceof String inner && inner.startsWith("{") ? object(inner) : Doc.EMPTY;
    }

    /** Writes a tree as compact JSON. */
    public static String write(Object tree) {
        try {
            return MAPPER.writeValueAsString(tree instanceof Doc doc ? doc.asMap() : tree);
        } catch (JsonProcessingException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot write JSON: " + e.getOriginalMessage(), e);
        }
    }
}
