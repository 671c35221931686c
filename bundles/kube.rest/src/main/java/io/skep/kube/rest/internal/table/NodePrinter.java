package io.skep.kube.rest.internal.table;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Nodes. */
final class NodePrinter implements Printer {

    private static final String ROLE_PREFIX = "node-role.kubernetes.io/";
    private static final String ROLE_LABEL = "kubernetes.io/role";

    @Override
    public List<Column> columns() {
        return List.of(
                Column.ofName(),
                Column.of("Status"),
                Column.of("Roles"),
                Column.of("Age"),
                Column.of("Version"),
                Column.wide("Internal-IP"),
                Column.wide("External-IP"),
                Column.wide("OS-Image"),
                Column.wide("Kernel-Version"),
                Column.wide("Container-Runtime"));
    }

    @Override
    public List<Object> cells(KubeObject node, Instant now) {
        Doc info = node.status().object("nodeInfo");
        return List.of(
                node.name(),
                status(node),
                Printer.orNone(String.join(",", roles(node))),
                Ages.of(node, now),
                info.text("kubeletVersion"),
                Printer.orNone(address(node, "InternalIP")),
                Printer.orNone(address(node, "ExternalIP")),
                Printer.orUnknown(info.text("osImage")),
                Printer.orUnknown(info.text("kernelVersion")),
                Printer.orUnknown(info.text("containerRuntimeVersion")));
    }

    private static String status(KubeObject node) {
        String ready = node.status().objects("conditions").stream()
                .filter(c -> c.text("type").equals("Ready"))
                .map(c -> c.text("status").equals("True") ? "Ready" : "NotReady")
                .findFirst()
                .orElse("Unknown");
        return node.spec().flag(false, "unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    private static Set<String> roles(KubeObject node) {
        Set<String> roles = new TreeSet<>();
        node.labels().forEach((key, value) -> {
            if (key.startsWith(ROLE_PREFIX) && key.length() > ROLE_PREFIX.length()) {
                roles.add(key.substring(ROLE_PREFIX.length()));
            } else if (key.equals(ROLE_LABEL) && !value.isEmpty()) {
                roles.add(value);
            }
        });
        return roles;
    }

    private static String address(KubeObject node, String type) {
        return node.status().objects("addresses").stream()
                .filter(a -> a.text("type").equals(type))
                .map(a -> a.text("address"))
                .findFirst()
                .orElse("");
    }
}
