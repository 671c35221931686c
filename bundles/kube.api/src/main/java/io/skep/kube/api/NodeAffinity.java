package io.skep.kube.api;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Whether a node is one of those a pod asks for.
 *
 * <p>Source: Kubernetes {@code component-helpers/scheduling/corev1/nodeaffinity}.
 */
public final class NodeAffinity {

    private final String node;
    private final Map<String, String> labels;
    private final Predicate<String> known;

    private NodeAffinity(String node, Map<String, String> labels, Predicate<String> known) {
        this.node = node;
        this.labels = labels;
        this.known = known;
    }

    /**
     * Whether it is, by all its labels.
     *
     * @param spec the pod's
     */
    public static boolean matches(Doc spec, String node, Map<String, String> labels) {
        return new NodeAffinity(node, labels, key -> true).matches(spec);
    }

    /**
     * Whether it can be, by those of its labels that are known: each other one is taken for what the pod asks for.
     *
     * @param spec the pod's
     */
    public static boolean mayMatch(Doc spec, String node, Map<String, String> labels) {
        return new NodeAffinity(node, labels, labels::containsKey).matches(spec);
    }

    private boolean matches(Doc spec) {
        for (Map.Entry<String, String> wanted : spec.textMap("nodeSelector").entrySet()) {
            if (known.test(wanted.getKey()) && !wanted.getValue().equals(labels.get(wanted.getKey()))) {
                return false;
            }
        }
        Doc required = spec.object("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return required.isEmpty()
                || required.objects("nodeSelectorTerms").stream().anyMatch(this::term);
    }

    /** A term without conditions matches nothing. */
    private boolean term(Doc term) {
        List<Doc> expressions = term.objects("matchExpressions");
        List<Doc> fields = term.objects("matchFields");
        return !(expressions.isEmpty() && fields.isEmpty())
                && expressions.stream()
                        .filter(e -> known.test(e.text("key")))
                        .allMatch(e -> expression(e, labels.get(e.text("key"))))
                && fields.stream().allMatch(e -> e.text("key").equals("metadata.name") && expression(e, node));
    }

    private static boolean expression(Doc expression, String value) {
        List<String> values = expression.texts("values");
        return switch (expression.text("operator")) {
            case "In" -> value != null && values.contains(value);
            case "NotIn" -> value == null || !values.contains(value);
            case "Exists" -> value != null;
            case "DoesNotExist" -> value == null;
            case "Gt" -> compare(value, values) > 0;
            case "Lt" -> compare(value, values) < 0;
            default -> false;
        };
    }

    /** 0 when the two are no numbers, which is neither greater nor less. */
    private static int compare(String value, List<String> values) {
        try {
            return value == null || values.size() != 1
                    ? 0
                    : Long.compare(Long.parseLong(value), Long.parseLong(values.get(0)));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
