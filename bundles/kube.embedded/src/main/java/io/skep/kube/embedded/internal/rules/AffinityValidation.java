package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.List;
import java.util.Set;

/**
 * Where a pod wants to run, and beside which.
 *
 * <p>Source: Kubernetes {@code validateAffinity} in {@code pkg/apis/core/validation/validation.go}.
 */
final class AffinityValidation {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";
    private static final int HEAVIEST = 100;

    private AffinityValidation() {}

    static void check(Doc affinity, String path, Causes causes) {
        if (affinity.has("nodeAffinity")) {
            nodes(affinity.object("nodeAffinity"), path + ".nodeAffinity", causes);
        }
        for (String field : List.of("podAffinity", "podAntiAffinity")) {
            pods(affinity.object(field), path + "." + field, causes);
        }
    }

    private static void nodes(Doc affinity, String path, Causes causes) {
        if (affinity.has(REQUIRED)) {
            List<Doc> terms = affinity.objects(REQUIRED, "nodeSelectorTerms");
            String at = path + "." + REQUIRED + ".nodeSelectorTerms";
            if (terms.isEmpty()) {
                causes.required(at, "must have at least one node selector term");
            }
            for (int i = 0; i < terms.size(); i++) {
                nodeTerm(terms.get(i), at + "[" + i + "]", causes);
            }
        }
        List<Doc> preferred = affinity.objects(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            String at = path + "." + PREFERRED + "[" + i + "]";
            weight(preferred.get(i), at, causes);
            nodeTerm(preferred.get(i).object("preference"), at + ".preference", causes);
        }
    }

    private static void nodeTerm(Doc term, String path, Causes causes) {
        List<Doc> expressions = term.objects("matchExpressions");
        for (int i = 0; i < expressions.size(); i++) {
            Doc expression = expressions.get(i);
            String at = path + ".matchExpressions[" + i + "]";
            String operator = expression.text("operator");
            if (Set.of("Gt", "Lt").contains(operator)) {
                if (expression.items("values").size() != 1) {
                    causes.required(at + ".values", "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            } else if (!SelectorValidation.operator(expression, at, causes)) {
                causes.invalid(at + ".operator", operator, SelectorValidation.NO_OPERATOR);
            }
            Names.qualified(causes, at + ".key", expression.text("key"));
        }
        List<Doc> fields = term.objects("matchFields");
        for (int i = 0; i < fields.size(); i++) {
            nodeField(fields.get(i), path + ".matchFields[" + i + "]", causes);
        }
    }

    private static void nodeField(Doc requirement, String path, Causes causes) {
        List<String> values = requirement.texts("values");
        if (!Set.of("In", "NotIn").contains(requirement.text("operator"))) {
            causes.invalid(path + ".operator", requirement.text("operator"), SelectorValidation.NO_OPERATOR);
        } else if (values.size() != 1) {
            causes.required(
                    path + ".values",
                    "must be only one value when `operator` is 'In' or 'NotIn' for node field selector");
        }
        if (!requirement.text("key").equals("metadata.name")) {
            causes.invalid(path + ".key", requirement.text("key"), "not a valid field selector key");
            return;
        }
        for (int i = 0; i < values.size(); i++) {
            Names.subdomain(causes, path + ".values[" + i + "]", values.get(i));
        }
    }

    private static void pods(Doc affinity, String path, Causes causes) {
        List<Doc> required = affinity.objects(REQUIRED);
        for (int i = 0; i < required.size(); i++) {
            podTerm(required.get(i), path + "." + REQUIRED + "[" + i + "]", causes);
        }
        List<Doc> preferred = affinity.objects(PREFERRED);
        for (int i = 0; i < preferred.size(); i++) {
            String at = path + "." + PREFERRED + "[" + i + "]";
            weight(preferred.get(i), at, causes);
            podTerm(preferred.get(i).object("podAffinityTerm"), at + ".podAffinityTerm", causes);
        }
    }

    private static void podTerm(Doc term, String path, Causes causes) {
        SelectorValidation.labels(term.object("labelSelector"), path + ".labelSelector", causes);
        SelectorValidation.labels(term.object("namespaceSelector"), path + ".namespaceSelector", causes);
        for (String namespace : term.texts("namespaces")) {
            Names.label(causes, path + ".namespace", namespace);
        }
        SelectorValidation.keys(term, "matchLabelKeys", path, causes);
        SelectorValidation.keys(term, "mismatchLabelKeys", path, causes);
        String key = term.text("topologyKey");
        if (key.isEmpty()) {
            causes.required(path + ".topologyKey", "can not be empty");
        }
        Names.qualified(causes, path + ".topologyKey", key);
    }

    private static void weight(Doc term, String path, Causes causes) {
        long weight = term.number(0, "weight");
        if (weight < 1 || weight > HEAVIEST) {
            causes.invalid(path + ".weight", weight, "must be in the range 1-100");
        }
    }
}
