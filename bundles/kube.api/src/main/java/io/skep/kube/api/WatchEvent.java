package io.skep.kube.api;

import java.util.Objects;

/** One change; a bookmark's object has only a kind and a resource version. */
public record WatchEvent(Type type, KubeObject object) {

    /** The names are the wire's. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK
    }

    public WatchEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(object, "object");
    }
}
