package io.skep.runtime.process.internal;

import java.nio.charset.StandardCharsets;

/** Text as ASCII that a shell's {@code printf %b} turns back into its UTF-8 bytes, whatever the locale. */
final class Escapes {

    private Escapes() {}

    /** A line: blanks stay. */
    static String line(String text) {
        return escape(text, ' ');
    }

    /** A word in a line of words. */
    static String word(String text) {
        return escape(text, '!');
    }

    private static String escape(String text, char lowest) {
        StringBuilder escaped = new StringBuilder();
        for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
            if (each >= lowest && each < 0x7f && each != '\\') {
                escaped.append((char) each);
            } else {
                escaped.append(String.format("\\0%03o", each & 0xff));
            }
        }
        return escaped.toString();
    }
}
