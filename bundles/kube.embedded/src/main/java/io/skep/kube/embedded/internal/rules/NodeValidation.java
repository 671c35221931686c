package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a node must look like. Source: Kubernetes {@code pkg/apis/core/validation/validation.go}. */
final class NodeValidation {

    static final List<String> EFFECTS = List.of("NoSchedule", "PreferNoSchedule", "NoExecute");

    private NodeValidation() {}

    static void check(KubeObject node, Causes causes) {
        Set<String> seen = new HashSet<>();
        List<Doc> taints = node.spec().objects("taints");
        for (int i = 0; i < taints.size(); i++) {
            Doc taint = taints.get(i);
            String path = "spec.taints[" + i + "]";
            String effect = taint.text("effect");
            Names.qualified(causes, path + ".key", taint.text("key"));
            if (effect.isEmpty()) {
                causes.required(path + ".effect");
            } else if (!EFFECTS.contains(effect)) {
                causes.unsupported(path + ".effect", effect, EFFECTS);
            }
            if (!seen.add(taint.text("key") + ":" + effect)) {
                causes.duplicate(path, taint.text("key") + ":" + effect);
            }
        }
    }
}
