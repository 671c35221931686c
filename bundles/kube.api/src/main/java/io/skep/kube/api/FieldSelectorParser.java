package io.skep.kube.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Reads field selectors. Source: Kubernetes {@code apimachinery/pkg/fields/selector.go}, whose messages these are. */
final class FieldSelectorParser {

    private static final List<String> OPERATORS = List.of("!=", "==", "=");
    private static final String ESCAPED = "\\,=";

    private FieldSelectorParser() {}

    static Selector parse(String text) {
        List<String> terms = terms(text);
        Collections.sort(terms);
        return new Selector(terms.stream()
                .filter(term -> !term.isEmpty())
                .map(term -> requirement(text, term))
                .toList());
    }

    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == ',') {
                terms.add(text.substring(start, i));
                start = i + 1;
            }
        }
        terms.add(text.substring(start));
        return terms;
    }

    private static Selector.Requirement requirement(String text, String term) {
        for (int i = 0; i < term.length(); i++) {
            for (String operator : OPERATORS) {
                if (term.startsWith(operator, i)) {
                    return new Selector.Requirement(
                            term.substring(0, i),
                            operator.equals("!=") ? Selector.Operator.NOT_IN : Selector.Operator.IN,
                            Set.of(unescaped(term.substring(i + operator.length()))));
                }
            }
        }
        throw refused("invalid selector: '" + text + "'; can't understand '" + term + "'");
    }

    private static String unescaped(String value) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\') {
                i++;
                if (i == value.length() || ESCAPED.indexOf(value.charAt(i)) < 0) {
                    throw refused("invalid field selector: invalid escape sequence: "
                            + value.substring(i - 1, Math.min(i + 1, value.length())));
                }
                plain.append(value.charAt(i));
            } else if (ESCAPED.indexOf(c) >= 0) {
                throw refused("invalid field selector: unescaped character in value: " + (int) c);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static KubeException refused(String message) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, message));
    }
}
