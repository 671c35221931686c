package io.skep.kube.embedded.internal.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import java.util.LinkedHashMap;
import java.util.Map;

/** JSON text to trees of maps and back. Fractions stay exact. */
public final class Json {

    private static final ObjectMapper MAPPER =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    public static String write(Object tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON tree", e);
        }
    }

    /**
     * Reads any JSON value.
     *
     * @throws KubeException {@code BadRequest} when the text is no JSON
     */
    public static Object read(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw malformed(e.getOriginalMessage(), e);
        }
    }

    /** Reads an object; {@code BadRequest} when it is none. */
    public static Map<String, Object> readObject(String text) {
        if (!(read(text) instanceof Map<?, ?> map)) {
            throw malformed("expected an object", null);
        }
        Map<String, Object> fields = new LinkedHashMap<>(map.size() * 2);
        map.forEach((key, value) -> fields.put((String) key, value));
        return fields;
    }

    /** For libraries that work on Jackson's own tree. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    private static KubeException malformed(String why, Exception cause) {
        return new KubeException(
                Status.of(
                        Status.BAD_REQUEST, 400, "the object provided is unrecognized (must be of type JSON): " + why),
                cause);
    }
}
