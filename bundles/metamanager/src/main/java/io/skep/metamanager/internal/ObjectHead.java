package io.skep.metamanager.internal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.skep.core.api.EdgeException;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What tells one state of one Kubernetes object from another. All parts are {@code ""} where the content has none, and for
 * a content that is no object.
 */
record ObjectHead(String apiVersion, String kind, String uid, String resourceVersion) {

    static final ObjectHead NONE = new ObjectHead("", "", "", "");

    /**
     * Reads it from JSON text, without building a tree: contents may be large.
     *
     * @throws EdgeException {@code INVALID} when the text is no JSON
     */
    static ObjectHead of(String json) {
        try (JsonParser parser = Json.parser(json)) {
            ObjectHead head = NONE;
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return head;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                head = head.with(parser.currentName(), parser);
            }
            return head;
        } catch (JsonProcessingException e) {
            throw Json.invalid(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectHead with(String field, JsonParser parser) throws IOException {
        JsonToken value = parser.nextToken();
        if ("metadata".equals(field) && value == JsonToken.START_OBJECT) {
            return withMetadata(parser);
        }
        String text = text(parser);
        return switch (field) {
            case "apiVersion" -> new ObjectHead(text, kind, uid, resourceVersion);
            case "kind" -> new ObjectHead(apiVersion, text, uid, resourceVersion);
            default -> this;
        };
    }

    private ObjectHead withMetadata(JsonParser parser) throws IOException {
        String foundUid = uid;
        String foundVersion = resourceVersion;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            parser.nextToken();
            String text = text(parser);
            if ("uid".equals(field)) {
                foundUid = text;
            } else if ("resourceVersion".equals(field)) {
                foundVersion = text;
            }
        }
        return new ObjectHead(apiVersion, kind, foundUid, foundVersion);
    }

    /** The text of a string value; skips any other value. */
    private static String text(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        parser.skipChildren();
        return "";
    }
}
