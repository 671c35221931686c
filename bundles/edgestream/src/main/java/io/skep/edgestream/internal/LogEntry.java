package io.skep.edgestream.internal;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.Optional;

/**
 * One entry of a log in CRI format: {@code <RFC 3339 time> stdout|stderr F|P[:more tags] <text>}.
 *
 * @param stamp its time as it stands in the file
 * @param time its time
 * @param full unless the line goes on in the next entry
 * @param text what the container wrote, without the end of the line
 */
record LogEntry(String stamp, Instant time, boolean full, byte[] text) {

    /** Reads a line without its end; empty when it is none, which a crash in the middle of writing may leave. */
    static Optional<LogEntry> parse(byte[] line) {
        int first = space(line, 0);
        int second = first < 0 ? -1 : space(line, first + 1);
        int third = second < 0 ? -1 : space(line, second + 1);
        if (third < 0) {
            return Optional.empty();
        }
        String stamp = new String(line, 0, first, StandardCharsets.US_ASCII);
        try {
            boolean full = line[second + 1] != 'P';
            byte[] text = Arrays.copyOfRange(line, third + 1, line.length);
            return Optional.of(new LogEntry(stamp, OffsetDateTime.parse(stamp).toInstant(), full, text));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int space(byte[] line, int from) {
        for (int i = from; i < line.length; i++) {
            if (line[i] == ' ') {
                return i;
            }
        }
        return -1;
    }
}
