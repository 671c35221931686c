package io.skep.kube.embedded.internal.control;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WriteOptions;
import java.util.List;
import java.util.Map;

/** What every cluster has from its first moment. */
public final class Bootstrap {

    private static final List<String> NAMESPACES =
            List.of("default", "kube-system", "kube-public", "kube-node-lease", "kubeedge");

    /** The runtimes of our nodes: a pod may name them though nobody made an object for them. */
    private static final List<String> RUNTIMES = List.of("process", "cri", "osgi");

    private Bootstrap() {}

    /** Creates what is absent. */
    public static void run(ResourceStore store) {
        for (String namespace : NAMESPACES) {
            createIfAbsent(store, Kinds.NAMESPACE, "", namespace);
            createIfAbsent(store, Kinds.SERVICE_ACCOUNT, namespace, "default");
        }
        for (String runtime : RUNTIMES) {
            createIfAbsent(store, Kinds.RUNTIME_CLASS, "", named(runtime).with(runtime, "handler"));
        }
    }

    static void createIfAbsent(ResourceStore store, ResourceKind kind, String namespace, String name) {
        createIfAbsent(store, kind, namespace, named(name));
    }

    private static KubeObject named(String name) {
        return KubeObject.of(Map.of("metadata", Map.of("name", name)));
    }

    static void createIfAbsent(ResourceStore store, ResourceKind kind, String namespace, KubeObject object) {
        try {
            store.create(kind, namespace, object, WriteOptions.NONE);
        } catch (KubeException e) {
            if (!e.reason().equals(Status.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }
}
