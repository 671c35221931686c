package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What of a node matters to the scheduler; equal facts mean that nothing need be tried anew.
 *
 * @param taints its own, and those its conditions stand for
 */
record NodeFacts(String name, Map<String, String> labels, List<Taint> taints, Resources allocatable) {

    /** One taint. */
    record Taint(String key, String value, String effect) {
        static final String NO_SCHEDULE = "NoSchedule";
        static final String NO_EXECUTE = "NoExecute";
        static final String PREFER_NO_SCHEDULE = "PreferNoSchedule";
        static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";
    }

    static NodeFacts of(KubeObject node) {
        List<Taint> taints = new ArrayList<>();
        for (Doc taint : node.spec().objects("taints")) {
            taints.add(new Taint(taint.text("key"), taint.text("value"), taint.text("effect")));
        }
        if (node.spec().flag(false, "unschedulable")) {
            taints.add(new Taint(Taint.UNSCHEDULABLE, "", Taint.NO_SCHEDULE));
        }
        // In Kubernetes a controller writes these two; here the condition itself counts.
        String ready = ready(node);
        if (!ready.equals("True")) {
            String key = ready.equals("Unknown") ? "node.kubernetes.io/unreachable" : "node.kubernetes.io/not-ready";
            taints.add(new Taint(key, "", Taint.NO_SCHEDULE));
        }
        Doc allocatable = node.status().has("allocatable")
                ? node.status().object("allocatable")
                : node.status().object("capacity");
        return new NodeFacts(node.name(), node.labels(), List.copyOf(taints), Resources.of(allocatable));
    }

    private static String ready(KubeObject node) {
        return node.status().objects("conditions").stream()
                .filter(c -> c.text("type").equals("Ready"))
                .map(c -> c.text("status"))
                .findFirst()
                .orElse("False");
    }
}
