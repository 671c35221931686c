package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.List;
import java.util.Set;

/** What selectors in a pod must look like. Source: Kubernetes {@code apimachinery/pkg/apis/meta/v1/validation}. */
final class SelectorValidation {

    static final String NO_OPERATOR = "not a valid selector operator";
    static final String IN_NEEDS = "must be specified when `operator` is 'In' or 'NotIn'";
    static final String EXISTS_FORBIDS = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";

    private static final Set<String> SETS = Set.of("In", "NotIn");
    private static final Set<String> PRESENCE = Set.of("Exists", "DoesNotExist");

    private SelectorValidation() {}

    /** {@code LabelSelector}. */
    static void labels(Doc selector, String path, Causes causes) {
        Names.labels(causes, path + ".matchLabels", selector.textMap("matchLabels"));
        List<Doc> expressions = selector.objects("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            Doc expression = expressions.get(i);
            String at = path + ".matchExpressions[" + i + "]";
            if (!operator(expression, at, causes)) {
                causes.invalid(at + ".operator", expression.text("operator"), NO_OPERATOR);
            }
            Names.qualified(causes, at + ".key", expression.text("key"));
            List<String> values = expression.texts("values");
            for (int v = 0; v < values.size(); v++) {
                Names.labelValue(causes, at + ".values[" + v + "]", values.get(v));
            }
        }
    }

    /** Checks what the operators have in common that compare with a set and with presence; false for any other. */
    static boolean operator(Doc requirement, String path, Causes causes) {
        String operator = requirement.text("operator");
        boolean empty = requirement.items("values").isEmpty();
        if (SETS.contains(operator) && empty) {
            causes.required(path + ".values", IN_NEEDS);
        } else if (PRESENCE.contains(operator) && !empty) {
            causes.forbidden(path + ".values", EXISTS_FORBIDS);
        }
        return SETS.contains(operator) || PRESENCE.contains(operator);
    }

    /** Keys whose values are taken from the pod itself. */
    static void keys(Doc owner, String field, String path, Causes causes) {
        List<String> keys = owner.texts(field);
        if (!keys.isEmpty() && !owner.has("labelSelector")) {
            causes.forbidden(path + "." + field, "must not be specified when labelSelector is not set");
            return;
        }
        for (int i = 0; i < keys.size(); i++) {
            Names.qualified(causes, path + "." + field + "[" + i + "]", keys.get(i));
        }
    }
}
