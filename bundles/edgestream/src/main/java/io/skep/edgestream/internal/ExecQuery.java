package io.skep.edgestream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.runtime.api.ExecRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads the query of kubelet's {@code /exec}: {@code command} many times, {@code input}, {@code output}, {@code error}, {@code tty}. */
final class ExecQuery {

    private static final Set<String> YES = Set.of("1", "true");

    private ExecQuery() {}

    /** @throws EdgeException {@code BAD_REQUEST} when nothing is to be run or nothing of it is wanted */
    static ExecRequest parse(String query) {
        List<String> command = new ArrayList<>();
        boolean in = false;
        boolean out = false;
        boolean err = false;
        boolean tty = false;
        for (String pair : query.split("&")) {
            int at = pair.indexOf('=');
            String name = at < 0 ? pair : pair.substring(0, at);
            String value = at < 0 ? "" : decode(pair.substring(at + 1));
            switch (name) {
                case "command" -> command.add(value);
                case "input", "stdin" -> in = YES.contains(value);
                case "output", "stdout" -> out = YES.contains(value);
                case "error", "stderr" -> err = YES.contains(value);
                case "tty" -> tty = YES.contains(value);
                default -> {} // as kubelet does
            }
        }
        if (command.isEmpty()) {
            throw new EdgeException(Reason.BAD_REQUEST, "you must specify a command");
        }
        if (!in && !out && !err) {
            throw new EdgeException(Reason.BAD_REQUEST, "you must specify at least 1 of stdin, stdout, stderr");
        }
        return new ExecRequest(command, in, out, err && !tty, tty);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new EdgeException(Reason.BAD_REQUEST, "query cannot be read: " + e.getMessage(), e);
        }
    }
}
