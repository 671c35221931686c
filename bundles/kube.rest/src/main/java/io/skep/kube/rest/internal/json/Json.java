package io.skep.kube.rest.internal.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Text to trees of maps, lists and plain values, and back. Numbers survive as they were written. */
public final class Json {

    private static final int DEPTH = 200;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(DEPTH).build());
    }

    private Json() {}

    /**
     * Reads one value.
     *
     * @throws MalformedException when the text isn't JSON
     */
    public static Object read(byte[] text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new MalformedException(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedException(e.getMessage(), e);
        }
    }

    /** The fields that objects in this text, which {@link #read} has read, have more than once: a line each. */
    public static List<String> duplicates(byte[] text) {
        try (JsonParser parser = JSON.createParser(text)) {
            return Duplicates.in(parser);
        } catch (IOException e) {
            throw new MalformedException(e.getMessage(), e);
        }
    }

    /** As {@link #duplicates}, of a text that {@link #readYaml} has read; no more than one line. */
    public static List<String> duplicatesInYaml(byte[] text) {
        try (JsonParser parser = Yaml.MAPPER.createParser(text)) {
            return Duplicates.inYaml(parser);
        } catch (IOException e) {
            throw new MalformedException(e.getMessage(), e);
        }
    }

    /**
     * Reads one YAML document.
     *
     * @throws MalformedException when the text isn't YAML
     */
    public static Object readYaml(byte[] text) {
        try {
            return Yaml.MAPPER.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new MalformedException(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedException(e.getMessage(), e);
        }
    }

    /** Reads a resource of this bundle, which is known to hold one object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> readObject(InputStream resource) {
        try (resource) {
            return JSON.readValue(resource, Map.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static byte[] bytes(Object tree) {
        try {
            return JSON.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static String text(Object tree) {
        try {
            return JSON.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Loaded only when somebody sends YAML. */
    private static final class Yaml {
        private static final ObjectMapper MAPPER =
                new ObjectMapper(new YAMLFactory()).enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

    /** The text can't be read; the message says where and why. */
    public static final class MalformedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        MalformedException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
