package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a RuntimeClass must look like. Source: Kubernetes {@code pkg/apis/node/validation} and core's tolerations. */
final class RuntimeClassValidation {

    private static final List<String> OPERATORS = List.of("Equal", "Exists");

    private RuntimeClassValidation() {}

    static void check(KubeObject runtimeClass, Causes causes) {
        Doc doc = runtimeClass.doc();
        Names.label(causes, "handler", doc.text("handler"));
        doc.textMap("overhead", "podFixed")
                .forEach((resource, amount) ->
                        ContainerValidation.quantity(amount, "overhead.limits[" + resource + "]", causes));
        Names.labels(causes, "scheduling.nodeSelector", doc.textMap("scheduling", "nodeSelector"));
        Set<Doc> seen = new HashSet<>();
        List<Doc> tolerations = doc.objects("scheduling", "tolerations");
        for (int i = 0; i < tolerations.size(); i++) {
            String path = "scheduling.tolerations[" + i + "]";
            toleration(tolerations.get(i), path, causes);
            if (!seen.add(tolerations.get(i))) {
                causes.duplicate(path, tolerations.get(i));
            }
        }
    }

    private static void toleration(Doc toleration, String path, Causes causes) {
        String key = toleration.text("key");
        String operator = toleration.text("operator");
        String value = toleration.text("value");
        String effect = toleration.text("effect");
        boolean exists = operator.equals("Exists");
        if (!key.isEmpty()) {
            Names.qualified(causes, path + ".key", key);
        } else if (!exists) {
            causes.invalid(
                    path + ".operator",
                    operator,
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        if (toleration.has("tolerationSeconds") && !effect.equals("NoExecute")) {
            causes.invalid(path + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        if (exists && !value.isEmpty()) {
            causes.invalid(path + ".operator", value, "value must be empty when `operator` is 'Exists'");
        } else if (!exists && !operator.isEmpty() && !OPERATORS.contains(operator)) {
            causes.unsupported(path + ".operator", operator, OPERATORS);
        } else if (!exists) {
            Names.labelValue(causes, path + ".operator", value);
        }
        if (!effect.isEmpty() && !NodeValidation.EFFECTS.contains(effect)) {
            causes.unsupported(path + ".effect", effect, NodeValidation.EFFECTS);
        }
    }

    /** A node may have been told the handler already, and will not ask again. */
    static void checkChange(KubeObject before, KubeObject after, Causes causes) {
        String handler = after.doc().text("handler");
        if (!handler.equals(before.doc().text("handler"))) {
            causes.invalid("handler", handler, "field is immutable");
        }
    }
}
