package io.skep.metaserver.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.kube.api.Doc;
import java.util.Map;
import java.util.Optional;

/** JSON text to documents and back; the only place that knows the JSON library. */
final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * The object in a text; empty when the text is another JSON value.
     *
     * @throws EdgeException {@code INVALID} when it is no JSON
     */
    static Optional<Doc> object(String text) {
        try {
            return MAPPER.readValue(text, Object.class) instanceof Map<?, ?> map
                    ? Optional.of(doc(map))
                    : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new EdgeException(Reason.INVALID, "no JSON: " + e.getOriginalMessage(), e);
        }
    }

    @SuppressWarnings("unchecked")
    private static Doc doc(Map<?, ?> map) {
        return Doc.of((Map<String, ?>) map);
    }

    /** Writes maps, lists, strings, numbers and booleans as compact JSON. */
    static String write(Object tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot write JSON: " + e.getOriginalMessage(), e);
        }
    }
}
