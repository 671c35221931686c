package io.skep.core.api.message;

import java.util.Objects;
import java.util.Optional;

/**
 * A message's resource string taken apart: {@code namespace/type[/name]}, inside the cloud with {@code node/<node>/} in
 * front. Cluster-scoped objects carry the literal namespace {@code null}.
 *
 * <p>Source: KubeEdge v1.22, {@code cloud/pkg/common/messagelayer/util.go} and {@code edge/pkg/metamanager/client}.
 *
 * @param node the node the message is for or from, or {@code ""} on the wire and on the edge
 * @param namespace the object's namespace, {@code "null"} when it has none
 * @param type the type segment, for example {@code pod} or {@code podpatch}
 * @param name the object's name, or {@code ""} for a whole list
 */
public record ResourcePath(String node, String namespace, String type, String name) {

    private static final String NODE_PREFIX = "node";

    public ResourcePath {
        Objects.requireNonNull(node, "node");
        Objects.requireNonNull(namespace, "namespace");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
    }

    /** A path as it stands on the wire. */
    public static ResourcePath of(String namespace, String type, String name) {
        return new ResourcePath("", namespace, type, name);
    }

    /**
     * Reads a resource string.
     *
     * @return empty when it has not the form above; such strings exist ({@code k8s/ca.crt} has it, {@code membership} has
     *     not) and belong to whoever handles their group
     */
    public static Optional<ResourcePath> parse(String resource) {
        String[] parts = resource.split("/", -1);
        int start = parts.length >= 4 && NODE_PREFIX.equals(parts[0]) && !parts[1].isEmpty() ? 2 : 0;
        int length = parts.length - start;
        if (length < 2 || length > 3 || parts[start + 1].isEmpty()) {
            return Optional.empty();
        }
        String node = start == 0 ? "" : parts[1];
        return Optional.of(new ResourcePath(node, parts[start], parts[start + 1], length == 3 ? parts[start + 2] : ""));
    }

    /** The same path as the cloud writes it, addressed to or coming from {@code node}. */
    public ResourcePath onNode(String value) {
        return new ResourcePath(value, namespace, type, name);
    }

    /** The resource string; {@link #parse} reads it back. */
    @Override
    public String toString() {
        String path = namespace + "/" + type + (name.isEmpty() ? "" : "/" + name);
        return node.isEmpty() ? path : NODE_PREFIX + "/" + node + "/" + path;
    }
}
