package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a pod must look like. The order of the checks is the order of the real server's
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
                if (list.equals("initContainers")) {
                    PortValidation.conflicts(List.of(containers.get(i)), "spec." + list, causes);
                } else if (containers.get(i).has("restartPolicy")) {
                    causes.forbidden(path + ".restartPolicy", "may not be set for non-init containers");
                }
            }
        }
        PortValidation.conflicts(spec.objects("containers"), "spec.containers", causes);
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
        placement(spec, causes);
        HostNaming.dns(spec, "spec.dnsConfig", causes);
        HostNaming.aliases(spec.objects("hostAliases"), "spec.hostAliases", causes);
        TolerationValidation.check(spec.objects("tolerations"), causes);
        SchedulingGates.check(spec, causes);
        SysctlValidation.check(spec, causes);
        Names.labels(causes, "spec.nodeSelector", spec.textMap("nodeSelector"));
        if (!spec.text("serviceAccountName").isEmpty()) {
            Names.subdomain(causes, "spec.serviceAccountName", spec.text("serviceAccountName"));
        }
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

    private static void placement(Doc spec, Causes causes) {
        AffinityValidation.check(spec.object("affinity"), "spec.affinity", causes);
        List<Doc> gates = spec.objects("readinessGates");
        for (int i = 0; i < gates.size(); i++) {
            Names.qualified(
                    causes,
                    "spec.readinessGates[" + i + "].conditionType",
                    gates.get(i).text("conditionType"));
        }
        SpreadValidation.check(spec.objects("topologySpreadConstraints"), "spec.topologySpreadConstraints", causes);
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
}
