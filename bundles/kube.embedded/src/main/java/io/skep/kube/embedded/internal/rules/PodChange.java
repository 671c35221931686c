package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.List;

/** What of a pod may change. Source: Kubernetes {@code ValidatePodUpdate} in {@code pkg/apis/core/validation}. */
final class PodChange {

    private static final List<String> CONTAINER_LISTS = List.of("containers", "initContainers");

    private static final String ONLY = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
            + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private PodChange() {}

    static void check(KubeObject before, KubeObject after, Causes causes) {
        for (String list : CONTAINER_LISTS) {
            if (before.spec().objects(list).size() != after.spec().objects(list).size()) {
                causes.forbidden("spec." + list, "pod updates may not add or remove containers");
                return;
            }
        }
        SchedulingGates.checkChange(before.spec(), after.spec(), causes);
        if (!lasting(after).containsAll(lasting(before))) {
            causes.forbidden(
                    "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds");
        }
        deadline(before.spec(), after.spec(), causes);
        boolean gated = SchedulingGates.areIn(before.spec());
        Doc old = frozen(before, gated);
        Doc wanted = frozen(graceOnly(before, after), gated);
        if (!old.equals(wanted)) {
            causes.forbidden("spec", ONLY + "\n" + Differences.between(old, wanted));
        }
    }

    /** The pod with its former grace period where it may get another. */
    private static KubeObject graceOnly(KubeObject before, KubeObject after) {
        String field = "terminationGracePeriodSeconds";
        long former = before.spec().number(0, field);
        return former < 0 && after.spec().number(0, field) == 1 ? after.with(former, "spec", field) : after;
    }

    /** It comes nearer, or into being. */
    private static void deadline(Doc before, Doc after, Causes causes) {
        String field = "activeDeadlineSeconds";
        long seconds = after.number(0, field);
        if (before.has(field) && !after.has(field)) {
            causes.invalid("spec." + field, "null", "must not update from a positive integer to nil value");
        } else if (before.has(field) && seconds > before.number(0, field)) {
            causes.invalid("spec." + field, seconds, "must be less than or equal to previous value");
        }
    }

    /** Tolerations but for how long they hold. */
    private static List<Doc> lasting(KubeObject pod) {
        return pod.spec().objects("tolerations").stream()
                .map(toleration -> toleration.without("tolerationSeconds"))
                .toList();
    }

    /** The part of a pod's spec that never changes. */
    private static Doc frozen(KubeObject pod, boolean gated) {
        Doc spec = SchedulingGates.frozen(pod.spec(), gated)
                .without("activeDeadlineSeconds")
                .without("tolerations");
        for (String list : CONTAINER_LISTS) {
            if (spec.has(list)) {
                spec = spec.with(
                        spec.objects(list).stream().map(c -> c.without("image")).toList(), list);
            }
        }
        return spec;
    }
}
