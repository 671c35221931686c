package io.skep.shell.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.support.CommandException;

/** Text to trees and back, JSON and YAML. */
final class Json {

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS))
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Json() {}

    static Object read(String text) {
        try {
            return JSON.readValue(text, Object.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** Compact, for the wire. */
    static String write(Object tree) {
        return text(JSON, tree, false);
    }

    /** Indented, for people. */
    static String pretty(Object tree) {
        return text(JSON, tree, true);
    }

    static String yaml(Object tree) {
        return text(YAML, tree, false);
    }

    private static String text(ObjectMapper mapper, Object tree, boolean indented) {
        try {
            return indented
                    ? mapper.writerWithDefaultPrettyPrinter().writeValueAsString(tree)
                    : mapper.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no tree of maps", e);
        }
    }

    /** The documents of a YAML or JSON text; empty ones are left out, a list stands for its items. */
    static List<Map<?, ?>> documents(String text) throws CommandException {
        List<Map<?, ?>> documents = new ArrayList<>();
        try (MappingIterator<Object> values = YAML.readerFor(Object.class).readValues(text)) {
            while (values.hasNextValue()) {
                add(values.nextValue(), documents);
            }
        } catch (IOException e) {
            throw new CommandException(
                    "neither YAML nor JSON: "
                            + e.getMessage().lines().findFirst().orElse(""),
                    e);
        }
        return documents;
    }

    private static void add(Object value, List<Map<?, ?>> documents) throws CommandException {
        if (value == null) {
            return;
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw new CommandException("each document must be an object with apiVersion and kind, one is: " + value);
        }
        if (map.get("items") instanceof List<?> items
                && String.valueOf(map.get("kind")).endsWith("List")) {
            for (Object item : items) {
                add(item, documents);
            }
        } else {
            documents.add(map);
        }
    }
}
