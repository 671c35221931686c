package io.skep.kube.rest.internal.discovery;

import io.skep.kube.api.ResourceKind;
import java.util.List;

/**
 * A subresource in discovery.
 *
 * @param name for example {@code status}
 * @param group of what it takes and answers
 * @param version of what it takes and answers
 * @param kind of what it takes and answers
 * @param verbs in alphabetical order
 */
record Subresource(String name, String group, String version, String kind, List<String> verbs) {

    private static final List<String> CHANGE = List.of("get", "patch", "update");
    private static final List<String> CREATE = List.of("create");
    private static final List<String> STREAM = List.of("create", "get");

    /** As Kubernetes 1.31 publishes it. */
    static Subresource of(ResourceKind kind, String name) {
        return switch (name) {
            case "binding" -> new Subresource(name, "", "v1", "Binding", CREATE);
            case "eviction" -> new Subresource(name, "policy", "v1", "Eviction", CREATE);
            case "token" -> new Subresource(name, "authentication.k8s.io", "v1", "TokenRequest", CREATE);
            case "scale" -> new Subresource(name, "autoscaling", "v1", "Scale", CHANGE);
            case "finalize" -> own(kind, name, List.of("update"));
            case "log" -> own(kind, name, List.of("get"));
            case "exec" -> new Subresource(name, "", "v1", "PodExecOptions", STREAM);
            case "attach" -> new Subresource(name, "", "v1", "PodAttachOptions", STREAM);
            case "portforward" -> new Subresource(name, "", "v1", "PodPortForwardOptions", STREAM);
            default -> own(kind, name, CHANGE);
        };
    }

    private static Subresource own(ResourceKind kind, String name, List<String> verbs) {
        return new Subresource(name, kind.group(), kind.version(), kind.kind(), verbs);
    }

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
