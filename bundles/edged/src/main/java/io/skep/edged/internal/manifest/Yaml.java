package io.skep.edged.internal.manifest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.edged.internal.link.Json;
import io.skep.kube.api.Doc;
import java.io.IOException;
import java.util.Map;

/** YAML text to a plain tree; a class of its own so that a node without such files never loads the library. */
final class Yaml {

    private Yaml() {}

    /**
     * Reads the only document of a text.
     *
     * @throws EdgeException {@code INVALID} when the text has none, several, or one that is no object
     */
    static Doc object(String text) throws IOException {
        try (MappingIterator<Object> documents =
                new YAMLMapper().readerFor(Object.class).readValues(text)) {
            Object first = documents.hasNextValue() ? documents.nextValue() : null;
            if (documents.hasNextValue()) {
                throw new EdgeException(Reason.INVALID, "it has more than one document");
            }
            if (first instanceof Map<?, ?> map) {
                return Json.object(map);
            }
        } catch (JacksonException e) {
            throw new EdgeException(
                    Reason.INVALID,
                    "not YAML: " + e.getOriginalMessage().lines().findFirst().orElse("")
                            + (e.getLocation() == null
                                    ? ""
                                    : ", line " + e.getLocation().getLineNr()),
                    e);
        }
        throw new EdgeException(Reason.INVALID, "not a YAML object");
    }
}
