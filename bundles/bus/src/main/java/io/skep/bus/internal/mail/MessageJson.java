package io.skep.bus.internal.mail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A message as one JSON text in KubeEdge's envelope. The content is copied as it stands, never parsed into numbers. The
 * key {@code reason} beside it is ours: it lets a {@link Content.Failure} come back from the store as what it was.
 *
 * <p>Source: KubeEdge v1.22, {@code beehive/pkg/core/model/message.go}.
 */
public final class MessageJson {

    private static final int MAX_CHARS = 32 << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private MessageJson() {}

    /** The envelope; keys without a value are left out, as KubeEdge does. */
    public static String write(Message message) {
        StringWriter text = new StringWriter(256 + message.content().json().length());
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
            if (message.content() instanceof Content.Failure failure) {
                json.writeStringField("reason", failure.reason());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new EdgeException(Reason.INTERNAL_ERROR, "cannot write message " + message.id(), e);
        }
        return text.toString();
    }

    private static void writeHeader(JsonGenerator json, Header header) throws IOException {
        json.writeStringField("msg_id", header.id());
        writeGiven(json, "parent_msg_id", header.parentId());
        json.writeNumberField("timestamp", header.created().toEpochMilli());
        writeGiven(json, "resourceversion", header.resourceVersion());
        if (header.sync()) {
            json.writeBooleanField("sync", true);
        }
        writeGiven(json, "type", header.type());
    }

    private static void writeRoute(JsonGenerator json, Route route) throws IOException {
        writeGiven(json, "source", route.source());
        writeGiven(json, "destination", route.destination());
        writeGiven(json, "group", route.group());
        writeGiven(json, "operation", route.operation());
        writeGiven(json, "resource", route.resource());
    }

    private static void writeGiven(JsonGenerator json, String key, String value) throws IOException {
        if (!value.isEmpty()) {
            json.writeStringField(key, value);
        }
    }

    /**
     * Reads an envelope. A missing id gets a new one, a missing time is now; unknown keys are passed over.
     *
     * @throws EdgeException {@code BAD_REQUEST} for text that is no envelope, {@code TOO_LARGE} beyond 32 Mi characters
     */
    public static Message read(String text) {
        if (text.length() > MAX_CHARS) {
            throw new EdgeException(
                    Reason.TOO_LARGE, "message of " + text.length() + " characters, at most " + MAX_CHARS);
        }
        try (JsonParser json = JSON.createParser(text)) {
            Message message = readEnvelope(json, text);
            if (json.nextToken() != null) {
                throw new EdgeException(Reason.BAD_REQUEST, "text after the message: " + json.currentToken());
            }
            return message;
        } catch (IOException e) {
            throw new EdgeException(Reason.BAD_REQUEST, "no message: " + e.getMessage(), e);
        }
    }

    private static Message readEnvelope(JsonParser json, String text) throws IOException {
        expectObject(json, json.nextToken());
        Map<String, String> header = Map.of();
        Map<String, String> route = Map.of();
        String content = "null";
        String reason = "";
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            JsonToken value = json.nextToken();
            switch (key) {
                case "header" -> header = readFlat(json, value);
                case "route" -> route = readFlat(json, value);
                case "content" -> content = raw(json, text);
                case "reason" -> reason = json.getValueAsString("");
                default -> json.skipChildren();
            }
        }
        return new Message(toHeader(header), toRoute(route), toContent(content, reason));
    }

    private static void expectObject(JsonParser json, JsonToken token) throws IOException {
        if (token != JsonToken.START_OBJECT) {
            throw new EdgeException(Reason.BAD_REQUEST, "an object was expected at " + json.currentTokenLocation());
        }
    }

    private static Map<String, String> readFlat(JsonParser json, JsonToken token) throws IOException {
        expectObject(json, token);
        Map<String, String> values = new HashMap<>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            if (json.nextToken().isScalarValue()) {
                values.put(key, json.getValueAsString(""));
            } else {
                json.skipChildren();
            }
        }
        return values;
    }

    private static String raw(JsonParser json, String text) throws IOException {
        int start = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        json.finishToken();
        return text.substring(start, (int) json.currentLocation().getCharOffset());
    }

    private static Header toHeader(Map<String, String> values) {
        String id = values.getOrDefault("msg_id", "");
        return new Header(
                id.isEmpty() ? UUID.randomUUID().toString() : id,
                values.getOrDefault("parent_msg_id", ""),
                created(values.get("timestamp")),
                values.getOrDefault("resourceversion", ""),
                Boolean.parseBoolean(values.get("sync")),
                values.getOrDefault("type", ""));
    }

    private static Instant created(String timestamp) {
        if (timestamp == null) {
            return Instant.now();
        }
        try {
            return Instant.ofEpochMilli(Long.parseLong(timestamp));
        } catch (NumberFormatException e) {
            throw new EdgeException(Reason.BAD_REQUEST, "timestamp is no number of milliseconds: " + timestamp, e);
        }
    }

    private static Route toRoute(Map<String, String> values) {
        return new Route(
                values.getOrDefault("source", ""),
                values.getOrDefault("destination", ""),
                values.getOrDefault("group", ""),
                values.getOrDefault("operation", ""),
                values.getOrDefault("resource", ""));
    }

    private static Content toContent(String raw, String reason) throws IOException {
        if (raw.equals("null")) {
            return Content.EMPTY;
        }
        if (reason.isEmpty()) {
            return new Content.Json(raw);
        }
        try (JsonParser json = JSON.createParser(raw)) {
            return json.nextToken() == JsonToken.VALUE_STRING
                    ? new Content.Failure(reason, json.getText())
                    : new Content.Json(raw);
        }
    }
}
