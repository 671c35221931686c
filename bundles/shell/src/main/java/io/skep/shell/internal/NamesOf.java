package io.skep.shell.internal;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import java.util.List;

/** Names for completion: bounded, and none rather than a failure. */
final class NamesOf {

    private static final int MOST = 200;

    private NamesOf() {}

    static List<String> objects(ResourceStore store, ResourceKind kind, String namespace) {
        if (store == null) {
            return List.of();
        }
        try {
            return store.list(kind, namespace, ListOptions.ALL).items().stream()
                    .limit(MOST)
                    .map(KubeObject::name)
                    .distinct()
                    .toList();
        } catch (KubeException e) {
            return List.of();
        }
    }
}
