package io.skep.metamanager.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.IOException;

/** JSON text to trees and back; with {@link ObjectHead} the only place that knows the JSON library. */
final class Json {

    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final JsonFactory FACTORY = MAPPER.getFactory();

    private Json() {}

    /**
     * Reads any JSON value: map, list, string, number, boolean or {@code null}.
     *
     * @throws EdgeException {@code INVALID} when the text is no JSON
     */
    static Object read(String text) {
        try {
            return MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw invalid(e);
        }
    }

    /** Writes maps, lists, strings, numbers and booleans as compact JSON. */
    static String write(Object tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot write JSON: " + e.getOriginalMessage(), e);
        }
    }

    static JsonParser parser(String text) throws IOException {
        return FACTORY.createParser(text);
    }

    static EdgeException invalid(JsonProcessingException cause) {
        return new EdgeException(Reason.INVALID, "content is no JSON: " + cause.getOriginalMessage(), cause);
    }
}
