package io.skep.kube.rest.internal.protobuf;

import io.skep.kube.rest.internal.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/** Messages that are no object in JSON but text, a number or a document. Source: {@code apimachinery/pkg/apis/meta/v1}. */
final class Scalars {

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private Scalars() {}

    /** As a reader of JSON has it, so that an object is equal to itself whatever it came in. */
    static Number whole(long number) {
        if (number == (int) number) {
            return (int) number;
        }
        return number;
    }

    /** Whole seconds, as {@code metav1.Time} is written; null for the time that is not set. */
    static Object time(Map<String, Object> parts) {
        return parts.get("seconds") instanceof Number seconds
                ? instant(seconds.longValue(), 0).toString()
                : null;
    }

    /** {@code metav1.MicroTime}: always six digits. */
    static Object microTime(Map<String, Object> parts) {
        if (!(parts.get("seconds") instanceof Number seconds)) {
            return null;
        }
        int nanos = parts.get("nanos") instanceof Integer n ? n : 0;
        return MICROSECONDS.format(instant(seconds.longValue(), nanos));
    }

    private static Instant instant(long seconds, long nanos) {
        try {
            return Instant.ofEpochSecond(seconds, nanos);
        } catch (DateTimeException | ArithmeticException e) {
            throw new MalformedProtobufException("a time is out of range");
        }
    }

    static Object intOrString(Map<String, Object> parts) {
        boolean text = parts.get("type") instanceof Integer type && type == 1;
        return text ? parts.getOrDefault("strVal", "") : parts.getOrDefault("intVal", 0);
    }

    /** A document that is carried as JSON text. */
    static Object json(Map<String, Object> parts) {
        try {
            return parts.get("raw") instanceof byte[] raw && raw.length > 0 ? Json.read(raw) : Map.of();
        } catch (Json.MalformedException e) {
            throw new MalformedProtobufException("an embedded document is no JSON: " + e.getMessage());
        }
    }
}
