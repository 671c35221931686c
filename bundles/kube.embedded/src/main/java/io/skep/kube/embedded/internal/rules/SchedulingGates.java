package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Gates that keep a pod from being scheduled until others take them away. As long as it has one, where it may run can be
 * narrowed.
 *
 * <p>Source: KEP-3521, KEP-3838; Kubernetes {@code pkg/apis/core/validation/validation.go}.
 */
final class SchedulingGates {

    private static final String GATES = "schedulingGates";
    private static final String SELECTOR = "nodeSelector";

    private SchedulingGates() {}

    static void check(Doc spec, Causes causes) {
        List<Doc> gates = spec.objects(GATES);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < gates.size(); i++) {
            String field = "spec." + GATES + "[" + i + "]";
            String name = gates.get(i).text("name");
            Names.qualified(causes, field, name);
            if (!names.add(name)) {
                causes.duplicate(field, name);
            }
        }
        if (!spec.text("nodeName").isEmpty() && areIn(spec)) {
            causes.forbidden("spec.nodeName", "cannot be set until all schedulingGates have been cleared");
        }
    }

    static void checkChange(Doc before, Doc after, Causes causes) {
        Set<String> former = names(before);
        List<Doc> gates = after.objects(GATES);
        for (int i = 0; i < gates.size(); i++) {
            String name = gates.get(i).text("name");
            if (!former.contains(name)) {
                causes.forbidden(
                        "spec." + GATES + "[" + i + "].name",
                        "only deletion is allowed, but found new scheduling gate '" + name + "'");
            }
        }
        if (!former.isEmpty()
                && !after.textMap(SELECTOR)
                        .entrySet()
                        .containsAll(before.textMap(SELECTOR).entrySet())) {
            causes.invalid(
                    "spec." + SELECTOR, after.textMap(SELECTOR), "only additions to spec.nodeSelector are allowed");
        }
    }

    /** What may not change in any other way; the selector of a pod that had a gate was looked at already. */
    static Doc frozen(Doc spec, boolean gated) {
        Doc rest = spec.without(GATES);
        return gated ? rest.without(SELECTOR) : rest;
    }

    static boolean areIn(Doc spec) {
        return !spec.items(GATES).isEmpty();
    }

    private static Set<String> names(Doc spec) {
        return spec.objects(GATES).stream().map(gate -> gate.text("name")).collect(Collectors.toSet());
    }

    /** What the status of a new pod says of them. */
    static Map<String, Object> condition() {
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", "PodScheduled");
        condition.put("status", "False");
        condition.put("lastProbeTime", null);
        condition.put("lastTransitionTime", null);
        condition.put("reason", "SchedulingGated");
        condition.put("message", "Scheduling is blocked due to non-empty scheduling gates");
        return condition;
    }
}
