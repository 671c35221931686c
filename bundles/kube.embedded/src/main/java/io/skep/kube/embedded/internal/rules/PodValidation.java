package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a pod must look like, and what of it may change. The order of the checks is the order of the real server's
 * messages.
 *
 * <p>Source: Kubernetes {@code pkg/apis/core/validation/validation.go}.
 */
final class PodValidation {

    private static final List<String> RESTART_POLICIES = List.of("Always", "OnFailure", "Never");
    private static final List<String> DNS_POLICIES =
            List.of("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None");
    private static final List<String> SYSTEMS = List.of("linux", "windows");
    private static final List<String> CONTAINER_LISTS = List.of("containers", "initContainers");

    private static final String ONLY = "pod updates may not change fields other than `spec.containers[*].image`,"
            + "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing"
            + " tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

    private PodValidation() {}

    static void check(KubeObject pod, Causes causes) {
        Doc spec = pod.spec();
        Set<String> volumes = new HashSet<>();
        VolumeValidation.check(spec.objects("volumes"), volumes, causes);
        Set<String> names = new HashSet<>();
        if (spec.objects("containers").isEmpty()) {
            causes.required("spec.containers");
        }
        for (String list : CONTAINER_LISTS) {
            List<Doc> containers = spec.objects(list);
            for (int i = 0; i < containers.size(); i++) {
                String path = "spec." + list + "[" + i + "]";
                ContainerValidation.check(containers.get(i), path, volumes, causes);
                if (spec.flag(false, "hostNetwork")) {
                    hostPorts(containers.get(i).objects("ports"), path + ".ports", causes);
                }
                String name = containers.get(i).text("name");
                if (!name.isEmpty() && !names.add(name)) {
                    causes.duplicate(path + ".name", name);
                }
            }
        }
        oneOf(spec, "restartPolicy", RESTART_POLICIES, causes);
        oneOf(spec, "dnsPolicy", DNS_POLICIES, causes);
        if (spec.has("activeDeadlineSeconds") && spec.number(0, "activeDeadlineSeconds") < 1) {
            causes.invalid(
                    "spec.activeDeadlineSeconds",
                    spec.number(0, "activeDeadlineSeconds"),
                    "must be between 1 and 2147483647, inclusive");
        }
        for (String name : List.of("hostname", "subdomain")) {
            if (!spec.text(name).isEmpty()) {
                Names.label(causes, "spec." + name, spec.text(name));
            }
        }
        IdentityValidation.check(spec.object("securityContext"), "spec.securityContext", causes);
        TolerationValidation.check(spec.objects("tolerations"), causes);
        SchedulingGates.check(spec, causes);
        SysctlValidation.check(spec, causes);
        Names.labels(causes, "spec.nodeSelector", spec.textMap("nodeSelector"));
        if (!spec.text("runtimeClassName").isEmpty()) {
            Names.subdomain(causes, "spec.runtimeClassName", spec.text("runtimeClassName"));
        }
        if (!spec.text("nodeName").isEmpty()) {
            Names.subdomain(causes, "spec.nodeName", spec.text("nodeName"));
        }
        if (spec.has("os")) {
            os(spec.text("os", "name"), causes);
        }
    }

    private static void hostPorts(List<Doc> ports, String path, Causes causes) {
        for (int i = 0; i < ports.size(); i++) {
            long port = ports.get(i).number(0, "containerPort");
            if (port != ports.get(i).number(0, "hostPort")) {
                causes.invalid(
                        path + "[" + i + "].containerPort", port, "must match `hostPort` when `hostNetwork` is true");
            }
        }
    }

    private static void os(String name, Causes causes) {
        if (name.isEmpty()) {
            causes.required("spec.os.name", "cannot be empty");
        } else if (!SYSTEMS.contains(name)) {
            causes.unsupported("spec.os", name, SYSTEMS);
        }
    }

    private static void oneOf(Doc spec, String field, List<String> supported, Causes causes) {
        if (!supported.contains(spec.text(field))) {
            causes.unsupported("spec." + field, spec.text(field), supported);
        }
    }

    static void checkChange(KubeObject before, KubeObject after, Causes causes) {
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
        if (!frozen(before, gated).equals(frozen(after, gated))) {
            causes.forbidden("spec", ONLY);
        }
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
    private static Map<String, Object> frozen(KubeObject pod, boolean gated) {
        Doc spec = SchedulingGates.frozen(pod.spec(), gated)
                .without("activeDeadlineSeconds")
                .without("tolerations");
        for (String list : CONTAINER_LISTS) {
            if (spec.has(list)) {
                spec = spec.with(
                        spec.objects(list).stream().map(c -> c.without("image")).toList(), list);
            }
        }
        return spec.asMap();
    }
}
