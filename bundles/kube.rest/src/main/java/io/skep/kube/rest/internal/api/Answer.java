package io.skep.kube.rest.internal.api;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Status;
import io.skep.kube.rest.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What is sent back at once.
 *
 * @param code HTTP status code
 * @param contentType media type of the body
 * @param body the body
 * @param warnings texts of {@code Warning} headers
 * @param headers further headers
 */
record Answer(int code, String contentType, byte[] body, List<String> warnings, Map<String, String> headers) {

    /** As the real server, so that a body full of unknown fields does not burst the header. */
    private static final int MOST_WARNING_CHARS = 4 * 1024;

    private static final int LONGEST_WARNING = 256;

    static final String JSON = "application/json";

    Answer(int code, String contentType, byte[] body, List<String> warnings) {
        this(code, contentType, body, warnings, Map.of());
    }

    static Answer text(int code, String text, Map<String, String> headers) {
        return new Answer(code, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8), List.of(), headers);
    }

    static Answer json(int code, Object tree) {
        return new Answer(code, JSON, Json.bytes(tree), List.of());
    }

    static Answer status(Status status) {
        Answer answer = json(status.code(), Wire.tree(status.toObject()));
        long seconds = status.retryAfterSeconds();
        return seconds == 0 ? answer : answer.with(Map.of("Retry-After", Long.toString(seconds)));
    }

    static Answer object(int code, KubeObject object) {
        return json(code, Wire.tree(object));
    }

    Answer as(String type) {
        return new Answer(code, type, body, warnings, headers);
    }

    private Answer with(Map<String, String> more) {
        return new Answer(code, contentType, body, warnings, more);
    }

    Answer warning(List<String> texts) {
        return new Answer(code, contentType, body, texts, headers);
    }

    /** The values of {@code Warning} headers; of many long ones the first, shortened. */
    List<String> warningHeaders() {
        List<String> headers = new ArrayList<>();
        boolean shorten = warnings.stream().mapToInt(String::length).sum() > MOST_WARNING_CHARS;
        int chars = 0;
        for (String warning : warnings) {
            String text =
                    shorten && warning.length() > LONGEST_WARNING ? warning.substring(0, LONGEST_WARNING) : warning;
            chars += text.length();
            if (chars > MOST_WARNING_CHARS) {
                break;
            }
            headers.add("299 - \""
                    + text.replaceAll("\\p{Cntrl}", " ").replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        return headers;
    }
}
