package io.skep.kube.api;

import java.util.List;
import java.util.Objects;
import java.util.Set;
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
        DOES_NOT_EXIST,
        /** Than the one value, both being whole numbers. */
        GREATER,
        /** Than the one value, both being whole numbers. */
        LESS
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
                case GREATER -> isWhole(value) && Long.parseLong(value) > limit();
                case LESS -> isWhole(value) && Long.parseLong(value) < limit();
            };
        }

        private long limit() {
            return Long.parseLong(values.iterator().next());
        }

        static boolean isWhole(String text) {
            try {
                if (text == null) {
                    return false;
                }
                Long.parseLong(text);
                return true;
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    /** {@code key=value}. */
    public static Selector equalTo(String key, String value) {
        return new Selector(List.of(new Requirement(key, Operator.IN, Set.of(value))));
    }

    /**
     * Reads a label selector: {@code a=b,c!=d,e in (f,g),h,!i,j>1}.
     *
     * @throws KubeException {@code BadRequest} for anything else, in the real server's words
     */
    public static Selector parse(String text) {
        return text.isEmpty() ? ALL : new LabelSelectorParser(text).parse();
    }

    /**
     * Reads a field selector: {@code a=b,c==d,e!=f}. In a value a comma, an equals sign and a backslash have a backslash ahead.
     *
     * @throws KubeException {@code BadRequest} for anything else, in the real server's words
     */
    public static Selector parseFields(String text) {
        return text.isEmpty() ? ALL : FieldSelectorParser.parse(text);
    }

    /** Whether all requirements hold; {@code lookup} gives the value of a key or {@code null}. */
    public boolean matches(Function<String, String> lookup) {
        return requirements.stream().allMatch(r -> r.matches(lookup.apply(r.key())));
    }
}
