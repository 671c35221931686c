package io.skep.bus.internal.swap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One clause of a manifest header (OSGi Core, 3.2.4).
 *
 * @param paths what it is about, usually one package or name
 * @param attributes {@code key=value}; of a typed key only the name is kept
 * @param directives {@code key:=value}
 */
record Clause(List<String> paths, Map<String, String> attributes, Map<String, String> directives) {

    /** The clauses of a header; none for {@code null}. */
    static List<Clause> parse(String header) {
        List<Clause> clauses = new ArrayList<>();
        for (String text : split(header == null ? "" : header, ',')) {
            if (!text.isBlank()) {
                clauses.add(one(text));
            }
        }
        return clauses;
    }

    private static Clause one(String text) {
        Clause clause = new Clause(new ArrayList<>(), new HashMap<>(), new HashMap<>());
        for (String part : split(text, ';')) {
            int equals = equalsSign(part);
            if (equals < 0) {
                clause.paths.add(part.trim());
            } else if (equals > 0 && part.charAt(equals - 1) == ':') {
                clause.directives.put(part.substring(0, equals - 1).trim(), value(part, equals));
            } else {
                String key = part.substring(0, equals).trim();
                int type = key.indexOf(':');
                clause.attributes.put(type < 0 ? key : key.substring(0, type), value(part, equals));
            }
        }
        return clause;
    }

    private static int equalsSign(String part) {
        int quote = part.indexOf('"');
        int equals = part.indexOf('=');
        return quote >= 0 && equals > quote ? -1 : equals;
    }

    private static String value(String part, int equals) {
        String value = part.substring(equals + 1).trim();
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }

    private static List<String> split(String text, char at) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (c == at && !quoted) {
                parts.add(text.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(text.substring(from));
        return parts;
    }
}
