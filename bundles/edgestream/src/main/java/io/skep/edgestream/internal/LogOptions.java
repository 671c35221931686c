package io.skep.edgestream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Which part of a log is asked for; the names in a query are those of Kubernetes' {@code PodLogOptions}.
 *
 * @param follow whether to wait for more
 * @param previous whether the container before the present one is meant
 * @param timestamps whether each line begins with its time
 * @param since only what was written at or after
 * @param tailLines so many lines from the end
 * @param limitBytes no more bytes than these
 */
record LogOptions(
        boolean follow,
        boolean previous,
        boolean timestamps,
        Instant since,
        OptionalLong tailLines,
        OptionalLong limitBytes) {

    LogOptions {
        Objects.requireNonNull(since, "since");
        Objects.requireNonNull(tailLines, "tailLines");
        Objects.requireNonNull(limitBytes, "limitBytes");
    }

    /**
     * Reads a raw query; what it doesn't know it leaves alone, as kubelet does.
     *
     * @throws EdgeException {@code INVALID} that names the field
     */
    static LogOptions parse(String query, Instant now) {
        Map<String, String> fields = new HashMap<>();
        for (String pair : query.split("&")) {
            int at = pair.indexOf('=');
            if (at > 0) {
                fields.putIfAbsent(decode(pair.substring(0, at)), decode(pair.substring(at + 1)));
            }
        }
        return new LogOptions(
                flag(fields, "follow"),
                flag(fields, "previous"),
                flag(fields, "timestamps"),
                since(fields, now),
                number(fields, "tailLines", 0),
                number(fields, "limitBytes", 1));
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.INVALID, "query cannot be read: " + e.getMessage(), e);
        }
    }

    private static Instant since(Map<String, String> fields, Instant now) {
        OptionalLong seconds = number(fields, "sinceSeconds", 1);
        String time = fields.getOrDefault("sinceTime", "");
        if (seconds.isPresent() && !time.isEmpty()) {
            throw new EdgeException(Reason.INVALID, "at most one of sinceTime or sinceSeconds may be specified");
        }
        try {
            if (seconds.isPresent()) {
                return now.minusSeconds(seconds.getAsLong());
            }
            return time.isEmpty() ? Instant.MIN : OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException | ArithmeticException e) {
            String field = seconds.isPresent() ? "sinceSeconds" : "sinceTime";
            throw new EdgeException(Reason.INVALID, field + ": not a time: " + fields.get(field), e);
        }
    }

    /** Go's {@code strconv.ParseBool}, and a bare key, which Kubernetes takes for yes. */
    private static boolean flag(Map<String, String> fields, String name) {
        if (!fields.containsKey(name)) {
            return false;
        }
        return switch (fields.get(name)) {
            case "", "1", "t", "T", "true", "TRUE", "True" -> true;
            case "0", "f", "F", "false", "FALSE", "False" -> false;
            default -> throw new EdgeException(Reason.INVALID, name + ": must be true or false");
        };
    }

    private static OptionalLong number(Map<String, String> fields, String name, long least) {
        String text = fields.getOrDefault(name, "");
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new EdgeException(Reason.INVALID, name + ": not a number: " + text, e);
        }
        if (value < least) {
            throw new EdgeException(
                    Reason.INVALID, name + ": must be greater than or equal to " + least + ", is " + value);
        }
        return OptionalLong.of(value);
    }
}
