package io.skep.edged.internal.spec;

import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * {@code $(NAME)} in commands, arguments and variables; {@code $$} is a plain {@code $}, an unknown name stays as written.
 *
 * <p>Source: Kubernetes {@code third_party/forked/golang/expansion/expand.go}.
 */
public final class Expansion {

    private Expansion() {}

    public static String expand(String text, Map<String, String> variables) {
        return expand(text, variables::get);
    }

    /** The same with what {@code variables} knows; it says {@code null} to what it does not. */
    public static String expand(String text, UnaryOperator<String> variables) {
        StringBuilder expanded = new StringBuilder(text.length());
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '$' || i + 1 >= text.length()) {
                expanded.append(c);
                i++;
                continue;
            }
            char next = text.charAt(i + 1);
            int close = next == '(' ? text.indexOf(')', i + 2) : -1;
            if (next == '$') {
                expanded.append('$');
                i += 2;
            } else if (close > 0) {
                String name = text.substring(i + 2, close);
                String value = variables.apply(name);
                expanded.append(value == null ? "$(" + name + ")" : value);
                i = close + 1;
            } else {
                expanded.append('$').append(next);
                i += 2;
            }
        }
        return expanded.toString();
    }
}
