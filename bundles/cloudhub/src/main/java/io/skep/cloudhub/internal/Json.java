package io.skep.cloudhub.internal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The little JSON a hub has to look into. Contents pass through as text. */
final class Json {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFactory FACTORY = MAPPER.getFactory();

    private Json() {}

    static String text(Object tree) {
        try {
            return MAPPER.writeValueAsString(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a JSON tree", e);
        }
    }

    /** Reads who an object is, without building it. Anything else has an empty head. */
    static ObjectHead head(String json) {
        try (JsonParser parser = FACTORY.createParser(json)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? head(parser) : ObjectHead.NONE;
        } catch (IOException e) {
            return ObjectHead.NONE;
        }
    }

    private static ObjectHead head(JsonParser parser) throws IOException {
        ObjectHead head = ObjectHead.NONE;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                head = metadata(parser, head);
            } else if (field.equals("apiVersion")) {
                head = head.withApiVersion(parser.getValueAsString(""));
            } else if (field.equals("kind")) {
                head = head.withKind(parser.getValueAsString(""));
            }
            parser.skipChildren();
        }
        return head;
    }

    private static ObjectHead metadata(JsonParser parser, ObjectHead before) throws IOException {
        ObjectHead head = before;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String field = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING) {
                head = switch (field) {
                    case "name" -> head.withName(parser.getText());
                    case "uid" -> head.withUid(parser.getText());
                    case "deletionTimestamp" -> head.beingDeleted();
                    default -> head;
                };
            }
            parser.skipChildren();
        }
        return head;
    }

    /** A JSON array of numbers, as in the enrolment's header. */
    static List<Integer> numbers(String json) throws IOException {
        List<Integer> numbers = new ArrayList<>();
        for (var item : MAPPER.readTree(json)) {
            if (!item.isInt()) {
                throw new IOException("not a number: " + item);
            }
            numbers.add(item.intValue());
        }
        return numbers;
    }
}
