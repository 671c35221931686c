package io.skep.edgecontroller.internal.dynamic;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;

/**
 * One watch of a node.
 *
 * @param application that asked for it
 * @param kind watched
 * @param namespace {@code ""} for all
 * @param options what of the kind
 */
record Listener(Application application, ResourceKind kind, String namespace, ListOptions options) {

    String node() {
        return application.node();
    }

    String id() {
        return application.id();
    }

    /** Names the listener among all nodes'. */
    String key() {
        return node() + "/" + id();
    }

    boolean matches(KubeObject object) {
        return (namespace.isEmpty() || namespace.equals(object.namespace()))
                && options.labels().matches(object.labels()::get)
                && options.fields().matches(path -> object.doc().text(path.split("\\.")));
    }
}
