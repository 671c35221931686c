package io.skep.shell.internal;

import io.skep.kube.api.KubeObject;
import java.util.List;
import java.util.stream.Collectors;

/** A node in one line, as kubectl prints it. */
final class NodeColumns {

    private static final String ROLE = "node-role.kubernetes.io/";

    private NodeColumns() {}

    static String status(KubeObject node) {
        String ready = node.status().objects("conditions").stream()
                .filter(c -> c.text("type").equals("Ready"))
                .map(c -> c.text("status").equals("True") ? "Ready" : "NotReady")
                .findFirst()
                .orElse("Unknown");
        return node.spec().flag(false, "unschedulable") ? ready + ",SchedulingDisabled" : ready;
    }

    static String roles(KubeObject node) {
        List<String> roles = node.labels().keySet().stream()
                .filter(label -> label.startsWith(ROLE) && label.length() > ROLE.length())
                .map(label -> label.substring(ROLE.length()))
                .sorted()
                .toList();
        return roles.isEmpty() ? "<none>" : String.join(",", roles);
    }

    static String address(KubeObject node) {
        return node.status().objects("addresses").stream()
                .filter(a -> a.text("type").equals("InternalIP"))
                .map(a -> a.text("address"))
                .collect(Collectors.joining(","));
    }
}
