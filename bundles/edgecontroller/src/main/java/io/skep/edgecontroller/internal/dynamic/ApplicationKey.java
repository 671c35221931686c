package io.skep.edgecontroller.internal.dynamic;

import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;

/**
 * What an application is about, {@code /<group>/<version>/<plural>/<namespace>/<name>}; the core group is {@code core}, an
 * absent namespace or name {@code null}.
 *
 * <p>Source: KubeEdge v1.22 {@code pkg/metaserver/key.go}.
 *
 * @param group {@code ""} for core
 * @param namespace {@code ""} for none
 * @param name {@code ""} for none
 */
record ApplicationKey(String group, String version, String plural, String namespace, String name) {

    private static final String CORE = "core";
    private static final String NONE = "null";

    /** @throws io.skep.kube.api.KubeException {@code BadRequest} for anything else */
    static ApplicationKey parse(String text) {
        String[] parts = text.split("/");
        if (parts.length < 4 || parts.length > 6 || !parts[0].isEmpty()) {
            throw Refusals.badRequest("no key of a resource: " + text);
        }
        return new ApplicationKey(
                parts[1].equals(CORE) ? "" : parts[1], parts[2], parts[3], segment(parts, 4), segment(parts, 5));
    }

    private static String segment(String[] parts, int index) {
        return parts.length <= index || parts[index].equals(NONE) ? "" : parts[index];
    }

    /**
     * The kind as the store has it; may block.
     *
     * @throws io.skep.kube.api.KubeException {@code NotFound} for a kind the store has not got
     */
    ResourceKind kind(ResourceStore store) {
        return store.kinds().stream().filter(this::isOf).findFirst().orElseThrow(Refusals::unknownResource);
    }

    boolean isOf(ResourceKind kind) {
        return kind.group().equals(group)
                && kind.version().equals(version)
                && kind.plural().equals(plural);
    }

    /** The one object meant. */
    ObjectKey object(ResourceKind kind) {
        if (name.isEmpty()) {
            throw Refusals.badRequest("no name of an object of " + kind.qualifiedPlural());
        }
        return new ObjectKey(kind, inNamespace(kind), name);
    }

    /** The namespace of the one object meant. */
    String inNamespace(ResourceKind kind) {
        if (!kind.namespaced()) {
            return "";
        }
        if (namespace.isEmpty()) {
            throw Refusals.badRequest("an empty namespace may not be set when a resource name is provided");
        }
        return namespace;
    }
}
