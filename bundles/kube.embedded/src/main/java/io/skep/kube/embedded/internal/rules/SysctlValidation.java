package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Sysctls;
import io.skep.kube.api.Sysctls.Namespace;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the settings of the kernel must look like that a pod wants. Which it may have is for its node to say.
 *
 * <p>Source: Kubernetes {@code pkg/apis/core/validation/validation.go}.
 */
final class SysctlValidation {

    private static final String SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
    private static final String NAME = "(" + SEGMENT + "[\\./])*" + SEGMENT;
    private static final Pattern IS_NAME = Pattern.compile(NAME);
    private static final int LENGTH = 253;

    private SysctlValidation() {}

    static void check(Doc spec, Causes causes) {
        List<Doc> sysctls = spec.objects("securityContext", "sysctls");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < sysctls.size(); i++) {
            String field = "spec.securityContext.sysctls[" + i + "].name";
            String name = sysctls.get(i).text("name");
            if (name.isEmpty()) {
                causes.required(field);
            } else if (name.length() > LENGTH || !IS_NAME.matcher(name).matches()) {
                causes.invalid(
                        field, name, "must have at most " + LENGTH + " characters and match regex ^" + NAME + "$");
            } else if (!names.add(name)) {
                causes.duplicate(field, name);
            }
            notTheNodes(spec, field, name, causes);
        }
    }

    private static void notTheNodes(Doc spec, String field, String name, Causes causes) {
        Optional<Namespace> namespace = Sysctls.namespace(name);
        if (spec.flag(false, "hostNetwork") && namespace.equals(Optional.of(Namespace.NET))) {
            causes.invalid(field, name, "may not be specified when 'hostNetwork' is true");
        } else if (spec.flag(false, "hostIPC") && namespace.equals(Optional.of(Namespace.IPC))) {
            causes.invalid(field, name, "may not be specified when 'hostIPC' is true");
        }
    }
}
