package io.skep.monitor.internal;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Writes a page nobody shall keep. */
final class Page {

    private Page() {}

    static void write(HttpServletResponse response, int status, String type, byte[] body) throws IOException {
        response.setStatus(status);
        response.setContentType(type);
        response.setContentLength(body.length);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.getOutputStream().write(body);
    }

    static void write(HttpServletResponse response, int status, String text) throws IOException {
        write(response, status, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
}
