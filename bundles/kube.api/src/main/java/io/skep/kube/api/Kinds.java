package io.skep.kube.api;

import java.util.List;
import java.util.Optional;

/** The kinds Skep itself speaks of, with the names a Kubernetes 1.31 server gives them in discovery. */
public final class Kinds {

    public static final ResourceKind NAMESPACE = new ResourceKind(
            "",
            "v1",
            "Namespace",
            "namespaces",
            "namespace",
            false,
            List.of("ns"),
            List.of(),
            List.of("status", "finalize"));
    public static final ResourceKind POD = new ResourceKind(
            "",
            "v1",
            "Pod",
            "pods",
            "pod",
            true,
            List.of("po"),
            List.of("all"),
            List.of("status", "binding", "eviction", "log", "exec", "attach", "portforward", "ephemeralcontainers"));
    public static final ResourceKind NODE =
            new ResourceKind("", "v1", "Node", "nodes", "node", false, List.of("no"), List.of(), List.of("status"));
    public static final ResourceKind CONFIG_MAP = new ResourceKind(
            "", "v1", "ConfigMap", "configmaps", "configmap", true, List.of("cm"), List.of(), List.of());
    public static final ResourceKind SECRET =
            new ResourceKind("", "v1", "Secret", "secrets", "secret", true, List.of(), List.of(), List.of());
    public static final ResourceKind EVENT =
            new ResourceKind("", "v1", "Event", "events", "event", true, List.of("ev"), List.of(), List.of());
    public static final ResourceKind SERVICE_ACCOUNT = new ResourceKind(
            "",
            "v1",
            "ServiceAccount",
            "serviceaccounts",
            "serviceaccount",
            true,
            List.of("sa"),
            List.of(),
            List.of("token"));
    public static final ResourceKind LEASE = new ResourceKind(
            "coordination.k8s.io", "v1", "Lease", "leases", "lease", true, List.of(), List.of(), List.of());
    public static final ResourceKind RUNTIME_CLASS = new ResourceKind(
            "node.k8s.io",
            "v1",
            "RuntimeClass",
            "runtimeclasses",
            "runtimeclass",
            false,
            List.of(),
            List.of(),
            List.of());
    public static final ResourceKind OBJECT_SYNC = new ResourceKind(
            "reliablesyncs.kubeedge.io",
            "v1alpha1",
            "ObjectSync",
            "objectsyncs",
            "objectsync",
            true,
            List.of(),
            List.of(),
            List.of("status"));
    public static final ResourceKind CLUSTER_OBJECT_SYNC = new ResourceKind(
            "reliablesyncs.kubeedge.io",
            "v1alpha1",
            "ClusterObjectSync",
            "clusterobjectsyncs",
            "clusterobjectsync",
            false,
            List.of(),
            List.of(),
            List.of("status"));

    /** All of the above. */
    public static final List<ResourceKind> ALL = List.of(
            NAMESPACE,
            POD,
            NODE,
            CONFIG_MAP,
            SECRET,
            EVENT,
            SERVICE_ACCOUNT,
            LEASE,
            RUNTIME_CLASS,
            OBJECT_SYNC,
            CLUSTER_OBJECT_SYNC);

    private Kinds() {}

    /** The kind whose objects carry these two fields. */
    public static Optional<ResourceKind> of(String apiVersion, String kind) {
        return ALL.stream()
                .filter(k -> k.apiVersion().equals(apiVersion) && k.kind().equals(kind))
                .findFirst();
    }
}
