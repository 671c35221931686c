package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import java.util.List;

/** Whom a pod or container runs as. Source: Kubernetes {@code ValidateSecurityContext}. */
final class IdentityValidation {

    private IdentityValidation() {}

    static void check(Doc context, String path, Causes causes) {
        for (String field : List.of("runAsUser", "runAsGroup", "fsGroup")) {
            long id = context.number(0, field);
            if (id < 0 || id > Integer.MAX_VALUE) {
                causes.invalid(path + "." + field, id, "must be between 0 and 2147483647, inclusive");
            }
        }
        if (context.has("allowPrivilegeEscalation") && !context.flag(true, "allowPrivilegeEscalation")) {
            escalation(context, path, causes);
        }
    }

    private static void escalation(Doc context, String path, Causes causes) {
        String cannot = "cannot set `allowPrivilegeEscalation` to false and ";
        if (context.flag(false, "privileged")) {
            causes.invalid(path, context, cannot + "`privileged` to true");
        }
        if (context.texts("capabilities", "add").contains("CAP_SYS_ADMIN")) {
            causes.invalid(path, context, cannot + "`capabilities.Add` CAP_SYS_ADMIN");
        }
    }
}
