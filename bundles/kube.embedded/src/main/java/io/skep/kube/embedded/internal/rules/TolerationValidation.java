package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.List;

/** What a pod tolerates. Source: Kubernetes {@code ValidateTolerations} in {@code pkg/apis/core/validation}. */
final class TolerationValidation {

    private static final String EXISTS = "Exists";
    private static final List<String> OPERATORS = List.of("Equal", EXISTS);

    private TolerationValidation() {}

    static void check(List<Doc> tolerations, Causes causes) {
        for (int i = 0; i < tolerations.size(); i++) {
            check(tolerations.get(i), "spec.tolerations[" + i + "]", causes);
        }
    }

    private static void check(Doc toleration, String path, Causes causes) {
        String key = toleration.text("key");
        String effect = toleration.text("effect");
        if (!key.isEmpty()) {
            Names.qualified(causes, path + ".key", key);
        } else if (!toleration.text("operator").equals(EXISTS)) {
            causes.invalid(
                    path + ".operator",
                    toleration.text("operator"),
                    "operator must be Exists when `key` is empty, which means \"match all values and all keys\"");
        }
        if (toleration.has("tolerationSeconds") && !effect.equals("NoExecute")) {
            causes.invalid(path + ".effect", effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
        }
        value(toleration.text("operator"), toleration.text("value"), path + ".operator", causes);
        if (!effect.isEmpty() && !NodeValidation.EFFECTS.contains(effect)) {
            causes.unsupported(path + ".effect", effect, NodeValidation.EFFECTS);
        }
    }

    private static void value(String operator, String value, String path, Causes causes) {
        if (operator.equals(EXISTS)) {
            if (!value.isEmpty()) {
                causes.invalid(path, value, "value must be empty when `operator` is 'Exists'");
            }
        } else if (operator.isEmpty() || OPERATORS.contains(operator)) {
            Names.labelValue(causes, path, value);
        } else {
            causes.unsupported(path, operator, OPERATORS);
        }
    }
}
