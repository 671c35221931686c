package io.skep.transport.http;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One answer, whole.
 *
 * @param status HTTP status
 * @param contentType for example {@code application/octet-stream}
 * @param body handed over
 */
public record HttpAnswer(int status, String contentType, byte[] body) {

    public HttpAnswer {
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(body, "body");
    }

    /** Plain text. */
    public static HttpAnswer text(int status, String text) {
        return new HttpAnswer(status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Bytes, with status 200. */
    public static HttpAnswer bytes(byte[] body) {
        return new HttpAnswer(200, "application/octet-stream", body);
    }
}
