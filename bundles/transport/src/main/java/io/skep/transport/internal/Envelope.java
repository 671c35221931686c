package io.skep.transport.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.transport.Link;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Locale;

/** Reads and writes the envelope with a streaming parser, so that the content is never taken apart. */
public final class Envelope {

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Link.MAX_MESSAGE_BYTES)
                    .build())
            .build();

    private Envelope() {}

    /** See {@code MessageCodec.encode}. */
    public static String write(Message message) {
        StringWriter text = new StringWriter(message.content().json().length() + 512);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            json.writeObjectFieldStart("header");
            writeHeader(json, message.header());
            json.writeEndObject();
            json.writeObjectFieldStart("route");
            writeRoute(json, message.route());
            json.writeEndObject();
            json.writeFieldName("content");
            json.writeRawValue(message.content().json());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private static void writeHeader(JsonGenerator json, Header header) throws IOException {
        json.writeStringField("msg_id", header.id());
        writeUnlessEmpty(json, "parent_msg_id", header.parentId());
        json.writeNumberField("timestamp", header.created().toEpochMilli());
        writeUnlessEmpty(json, "resourceversion", header.resourceVersion());
        if (header.sync()) {
            json.writeBooleanField("sync", true);
        }
        writeUnlessEmpty(json, "type", header.type());
    }

    private static void writeRoute(JsonGenerator json, Route route) throws IOException {
        writeUnlessEmpty(json, "source", route.source());
        writeUnlessEmpty(json, "destination", route.destination());
        writeUnlessEmpty(json, "group", route.group());
        writeUnlessEmpty(json, "operation", route.operation());
        writeUnlessEmpty(json, "resource", route.resource());
    }

    private static void writeUnlessEmpty(JsonGenerator json, String key, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(key, value);
        }
    }

    /** See {@code MessageCodec.decode}. */
    public static Message read(String text) {
        if (text.length() > Link.MAX_MESSAGE_BYTES) {
            throw new EdgeException(Reason.TOO_LARGE, "message of " + text.length() + " characters is too large");
        }
        try (JsonParser json = JSON.createParser(text)) {
            return new Reading(json, text).message();
        } catch (JsonProcessingException e) {
            throw new EdgeException(Reason.BAD_REQUEST, "not a message: " + e.getOriginalMessage(), e);
        } catch (IOException | DateTimeException e) {
            throw new EdgeException(Reason.BAD_REQUEST, "not a message: " + e.getMessage(), e);
        }
    }

    /** One text being read; what a key has not set keeps Go's zero value. */
    private static final class Reading {

        private final JsonParser json;
        private final String text;
        private String id = "";
        private String parentId = "";
        private long timestamp;
        private String resourceVersion = "";
        private boolean sync;
        private String type = "";
        private String source = "";
        private String destination = "";
        private String group = "";
        private String operation = "";
        private String resource = "";
        private Content content = Content.EMPTY;

        Reading(JsonParser json, String text) {
            this.json = json;
            this.text = text;
        }

        Message message() throws IOException {
            expect(json.nextToken() == JsonToken.START_OBJECT, "the message", "an object");
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String key = key();
                switch (key) {
                    case "header" -> object(key, this::headerField);
                    case "route" -> object(key, this::routeField);
                    case "content" -> content = content();
                    default -> json.skipChildren();
                }
            }
            expect(json.nextToken() == null, "the message", "alone");
            Header header = new Header(id, parentId, Instant.ofEpochMilli(timestamp), resourceVersion, sync, type);
            return new Message(header, new Route(source, destination, group, operation, resource), content);
        }

        /** The key in lower case; the parser stands on its value then. */
        private String key() throws IOException {
            String key = json.currentName().toLowerCase(Locale.ROOT);
            json.nextToken();
            return key;
        }

        private void object(String name, Field field) throws IOException {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            expect(json.currentToken() == JsonToken.START_OBJECT, name, "an object");
            while (json.nextToken() != JsonToken.END_OBJECT) {
                field.read(key());
            }
        }

        private void headerField(String key) throws IOException {
            switch (key) {
                case "msg_id" -> id = string(key, id);
                case "parent_msg_id" -> parentId = string(key, parentId);
                case "timestamp" -> timestamp = integer(key, timestamp);
                case "resourceversion" -> resourceVersion = string(key, resourceVersion);
                case "sync" -> sync = bool(key, sync);
                case "type" -> type = string(key, type);
                default -> json.skipChildren();
            }
        }

        private void routeField(String key) throws IOException {
            switch (key) {
                case "source" -> source = string(key, source);
                case "destination" -> destination = string(key, destination);
                case "group" -> group = string(key, group);
                case "operation" -> operation = string(key, operation);
                case "resource" -> resource = string(key, resource);
                default -> json.skipChildren();
            }
        }

        /** The value's text, cut out of the message as it stands there. */
        private Content content() throws IOException {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return Content.EMPTY;
            }
            int start = (int) json.currentTokenLocation().getCharOffset();
            if (json.currentToken().isStructStart()) {
                json.skipChildren();
            } else {
                // A scalar is read lazily; its end is known, and its form checked, once it was asked for.
                json.finishToken();
                if (json.currentToken().isNumeric()) {
                    json.getNumberType();
                }
            }
            int end = (int) json.currentLocation().getCharOffset();
            return new Content.Json(text.substring(start, end).strip());
        }

        private String string(String key, String old) throws IOException {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return old;
            }
            expect(json.currentToken() == JsonToken.VALUE_STRING, key, "a string");
            return json.getText();
        }

        private long integer(String key, long old) throws IOException {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return old;
            }
            expect(json.currentToken() == JsonToken.VALUE_NUMBER_INT, key, "an integer");
            return json.getLongValue();
        }

        private boolean bool(String key, boolean old) throws IOException {
            if (json.currentToken() == JsonToken.VALUE_NULL) {
                return old;
            }
            expect(json.currentToken().isBoolean(), key, "true or false");
            return json.getBooleanValue();
        }

        private static void expect(boolean condition, String what, String form) {
            if (!condition) {
                throw new EdgeException(Reason.BAD_REQUEST, "not a message: " + what + " must be " + form);
            }
        }
    }

    /** Reads the value of one key. */
    @FunctionalInterface
    private interface Field {
        void read(String key) throws IOException;
    }
}
