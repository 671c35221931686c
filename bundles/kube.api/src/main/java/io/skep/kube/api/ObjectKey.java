package io.skep.kube.api;

import java.util.Objects;

/**
 * Names one object.
 *
 * @param kind its kind
 * @param namespace its namespace, {@code ""} for an object of the whole cluster
 * @param name its name
 */
public record ObjectKey(ResourceKind kind, String namespace, String name) {

    public ObjectKey {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(name, "name");
    }

    /** The key of an object of the whole cluster. */
    public static ObjectKey of(ResourceKind kind, String name) {
        return new ObjectKey(kind, "", name);
    }

    /** {@code pods/default/web-0}, for logs. */
    @Override
    public String toString() {
        return kind.plural() + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
    }
}
