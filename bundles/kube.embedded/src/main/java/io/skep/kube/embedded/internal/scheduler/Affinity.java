package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.Doc;
import java.util.List;
import java.util.Map;

/**
 * Whether a node is one of those a pod asks for.
 *
 * <p>Source: Kubernetes {@code component-helpers/scheduling/corev1/nodeaffinity}.
 */
final class Affinity {

    private Affinity() {}

    static boolean matches(Doc spec, NodeFacts node) {
        for (Map.Entry<String, String> wanted : spec.textMap("nodeSelector").entrySet()) {
            if (!wanted.getValue().equals(node.labels().get(wanted.getKey()))) {
                return false;
            }
        }
        Doc required = spec.object("affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution");
        return required.isEmpty()
                || required.objects("nodeSelectorTerms").stream().anyMatch(term -> term(term, node));
    }

    /** A term without conditions matches nothing. */
    private static boolean term(Doc term, NodeFacts node) {
        List<Doc> labels = term.objects("matchExpressions");
        List<Doc> fields = term.objects("matchFields");
        return !(labels.isEmpty() && fields.isEmpty())
                && labels.stream().allMatch(e -> expression(e, node.labels().get(e.text("key"))))
                && fields.stream().allMatch(e -> e.text("key").equals("metadata.name") && expression(e, node.name()));
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
