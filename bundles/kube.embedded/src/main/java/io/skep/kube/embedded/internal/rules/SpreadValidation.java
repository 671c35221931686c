package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * How a pod wants to be spread with others.
 *
 * <p>Source: Kubernetes {@code validateTopologySpreadConstraints} in {@code pkg/apis/core/validation/validation.go}.
 */
final class SpreadValidation {

    private static final List<String> ACTIONS = List.of("DoNotSchedule", "ScheduleAnyway");
    private static final List<String> POLICIES = List.of("Honor", "Ignore");
    private static final String NOT_POSITIVE = "must be greater than zero";

    private SpreadValidation() {}

    static void check(List<Doc> constraints, String path, Causes causes) {
        for (int i = 0; i < constraints.size(); i++) {
            Doc constraint = constraints.get(i);
            String at = path + "[" + i + "]";
            String action = constraint.text("whenUnsatisfiable");
            if (constraint.number(0, "maxSkew") < 1) {
                causes.invalid(at + ".maxSkew", constraint.number(0, "maxSkew"), NOT_POSITIVE);
            }
            if (constraint.text("topologyKey").isEmpty()) {
                causes.required(at + ".topologyKey", "can not be empty");
            }
            if (!ACTIONS.contains(action)) {
                causes.unsupported(at + ".whenUnsatisfiable", action, ACTIONS);
            }
            if (constraints.subList(i + 1, constraints.size()).stream().anyMatch(other -> alike(constraint, other))) {
                causes.duplicate(
                        at + ".{topologyKey, whenUnsatisfiable}",
                        "{" + constraint.text("topologyKey") + ", " + action + "}");
            }
            minDomains(constraint, at, causes);
            for (String policy : List.of("nodeAffinityPolicy", "nodeTaintsPolicy")) {
                if (constraint.has(policy) && !POLICIES.contains(constraint.text(policy))) {
                    causes.unsupported(at + "." + policy, constraint.text(policy), POLICIES);
                }
            }
            keys(constraint, at + ".matchLabelKeys", causes);
            SelectorValidation.labels(constraint.object("labelSelector"), at + ".labelSelector", causes);
        }
    }

    private static boolean alike(Doc one, Doc other) {
        return one.text("topologyKey").equals(other.text("topologyKey"))
                && one.text("whenUnsatisfiable").equals(other.text("whenUnsatisfiable"));
    }

    private static void minDomains(Doc constraint, String path, Causes causes) {
        if (!constraint.has("minDomains")) {
            return;
        }
        long domains = constraint.number(0, "minDomains");
        String action = constraint.text("whenUnsatisfiable");
        if (domains < 1) {
            causes.invalid(path + ".minDomains", domains, NOT_POSITIVE);
        }
        if (!action.equals("DoNotSchedule")) {
            causes.invalid(
                    path + ".minDomains",
                    domains,
                    "can only use minDomains if whenUnsatisfiable=DoNotSchedule, not " + action);
        }
    }

    private static void keys(Doc constraint, String path, Causes causes) {
        List<String> keys = constraint.texts("matchLabelKeys");
        if (!keys.isEmpty() && !constraint.has("labelSelector")) {
            causes.forbidden(path, "must not be specified when labelSelector is not set");
        }
        Set<String> selected =
                new HashSet<>(constraint.textMap("labelSelector", "matchLabels").keySet());
        constraint
                .objects("labelSelector", "matchExpressions")
                .forEach(expression -> selected.add(expression.text("key")));
        for (int i = 0; i < keys.size(); i++) {
            Names.qualified(causes, path + "[" + i + "]", keys.get(i));
            if (selected.contains(keys.get(i))) {
                causes.invalid(path + "[" + i + "]", keys.get(i), "exists in both matchLabelKeys and labelSelector");
            }
        }
    }
}
