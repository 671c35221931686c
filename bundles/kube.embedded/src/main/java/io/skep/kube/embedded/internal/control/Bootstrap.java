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

    private Bootstrap() {}

    /** Creates what is absent. */
    public static void run(ResourceStore store) {
        for (String namespace : NAMESPACES) {
            createIfAbsent(store, Kinds.NAMESPACE, "", namespace);
            createIfAbsent(store, Kinds.SERVICE_ACCOUNT, namespace, "default");
        }
    }

    static void createIfAbsent(ResourceStore store, ResourceKind kind, String namespace, String name) {
        KubeObject object = KubeObject.of(Map.of("metadata", Map.of("name", name)));
        try {
            store.create(kind, namespace, object, WriteOptions.NONE);
        } catch (KubeException e) {
            if (!e.reason().equals(Status.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }
}
