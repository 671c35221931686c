package io.skep.kube.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A label or field selector.
 *
 * <p>Source: Kubernetes {@code apimachinery/pkg/labels/selector.go}, {@code pkg/fields}. Absent keys match {@code !=},
 * {@code notin} and {@code !key}.
 *
 * @param requirements all must hold; none matches everything
 */
public record Selector(List<Requirement> requirements) {

    /** Matches everything. */
    public static final Selector ALL = new Selector(List.of());

    public Selector {
        requirements = List.copyOf(requirements);
    }

    /** How a key and values are compared. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST
    }

    /** One condition on one key. */
    public record Requirement(String key, Operator operator, Set<String> values) {
        public Requirement {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(operator, "operator");
            values = Set.copyOf(values);
        }

        boolean matches(String value) {
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
            };
        }
    }

    /** {@code key=value}. */
    public static Selector equalTo(String key, String value) {
        return new Selector(List.of(new Requirement(key, Operator.IN, Set.of(value))));
    }

    /**
     * Reads {@code a=b,c!=d,e in (f,g),h,!i}; field selectors use the first two forms of it.
     *
     * @throws KubeException {@code BadRequest} for anything else
     */
    public static Selector parse(String text) {
        List<Requirement> found = new ArrayList<>();
        for (String term : terms(text)) {
            found.add(requirement(term));
        }
        return new Selector(found);
    }

    /** Whether all requirements hold; {@code lookup} gives the value of a key or {@code null}. */
    public boolean matches(Function<String, String> lookup) {
        return requirements.stream().allMatch(r -> r.matches(lookup.apply(r.key())));
    }

    /** Commas inside parentheses separate values, not terms. */
    private static List<String> terms(String text) {
        List<String> terms = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (c == ',' && (depth == 0 || i == text.length())) {
                String term = text.substring(start, i).trim();
                if (!term.isEmpty()) {
                    terms.add(term);
                }
                start = i + 1;
            }
        }
        return terms;
    }

    private static Requirement requirement(String term) {
        int open = term.indexOf('(');
        if (open >= 0) {
            return setRequirement(term, open);
        }
        int not = term.indexOf("!=");
        if (not > 0) {
            return new Requirement(
                    key(term.substring(0, not)),
                    Operator.NOT_IN,
                    Set.of(term.substring(not + 2).trim()));
        }
        int equal = term.indexOf('=');
        if (equal > 0) {
            int value = term.startsWith("==", equal) ? equal + 2 : equal + 1;
            return new Requirement(
                    key(term.substring(0, equal)),
                    Operator.IN,
                    Set.of(term.substring(value).trim()));
        }
        return term.startsWith("!")
                ? new Requirement(key(term.substring(1)), Operator.DOES_NOT_EXIST, Set.of())
                : new Requirement(key(term), Operator.EXISTS, Set.of());
    }

    private static Requirement setRequirement(String term, int open) {
        String[] words = term.substring(0, open).trim().split("\\s+");
        if (!term.endsWith(")") || words.length != 2 || !(words[1].equals("in") || words[1].equals("notin"))) {
            throw malformed(term);
        }
        Set<String> values = new TreeSet<>();
        for (String value : term.substring(open + 1, term.length() - 1).split(",", -1)) {
            values.add(value.trim());
        }
        return new Requirement(key(words[0]), words[1].equals("in") ? Operator.IN : Operator.NOT_IN, values);
    }

    private static String key(String text) {
        String key = text.trim();
        if (key.isEmpty() || key.chars().anyMatch(c -> Character.isWhitespace(c) || c == '=' || c == '!')) {
            throw malformed(text);
        }
        return key;
    }

    private static KubeException malformed(String term) {
        return new KubeException(
                Status.of(Status.BAD_REQUEST, 400, "unable to parse requirement: found '" + term + "'"));
    }
}
