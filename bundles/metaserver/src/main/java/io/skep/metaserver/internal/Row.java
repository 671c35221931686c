package io.skep.metaserver.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.memory.NodeMemory;
import io.skep.core.api.message.ResourcePath;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a row of {@link NodeMemory} is to the Kubernetes API. */
sealed interface Row {

    /** Types of the patches in which the node states how a pod and the node itself are. */
    Map<String, ResourceKind> PATCHES = Map.of("podpatch", Kinds.POD, "nodepatch", Kinds.NODE);

    /** The object it holds or is about. */
    ObjectKey key();

    /** The {@link #type} of what a row is about, {@code ""} for a key of another form. */
    static String type(String rowKey) {
        return ResourcePath.parse(rowKey).map(ResourcePath::type).orElse("");
    }

    /** Where MetaManager keeps an object that the cloud sends because it is watched. */
    static String key(ObjectKey object) {
        return ResourcePath.of(
                        object.namespace().isEmpty() ? "null" : object.namespace(), type(object.kind()), object.name())
                .toString();
    }

    /**
     * What messages call a kind. KubeEdge's cloud makes it of the plural.
     *
     * <p>Source: KubeEdge v1.22, {@code UnsafeResourceToKind} in {@code pkg/metaserver/util}.
     */
    static String type(ResourceKind kind) {
        String plural = kind.plural();
        if (Kinds.ALL.contains(kind) || kind.equals(NodeKinds.ENDPOINTS)) {
            return kind.kind().toLowerCase(Locale.ROOT);
        } else if (plural.endsWith("ies")) {
            return plural.substring(0, plural.length() - 3) + "y";
        } else if (plural.endsWith("ses")) {
            return plural.substring(0, plural.length() - 2);
        }
        return plural.endsWith("s") ? plural.substring(0, plural.length() - 1) : plural;
    }

    /** An object as the cloud sent it. */
    record Kept(ObjectKey key, KubeObject object) implements Row {}

    /**
     * What the node says of an object's status.
     *
     * @param patch a strategic merge patch
     */
    record Stated(ObjectKey key, Doc patch) implements Row {}

    /**
     * Reads a row; empty when it holds nothing that the API shows, a token say.
     *
     * @throws EdgeException {@code INVALID} or {@code INTERNAL_ERROR} when it cannot be read
     */
    static Optional<Row> read(String key, String body, Memory.KnownKinds kinds) {
        Doc row = Json.object(body)
                .orElseThrow(() -> new EdgeException(Reason.INTERNAL_ERROR, "no row of MetaManager: " + key));
        ResourceKind patched = PATCHES.get(row.text(NodeMemory.TYPE));
        return patched == null ? kept(row, kinds) : stated(patched, key, row);
    }

    private static Optional<Row> stated(ResourceKind kind, String key, Doc row) {
        Optional<ResourcePath> path = ResourcePath.parse(key);
        Optional<Doc> patch = Json.object(row.text(NodeMemory.VALUE));
        return path.flatMap(p -> patch.map(
                doc -> new Stated(new ObjectKey(kind, kind.namespaced() ? p.namespace() : "", p.name()), doc)));
    }

    private static Optional<Row> kept(Doc row, Memory.KnownKinds kinds) {
        KubeObject value = new KubeObject(row.object(NodeMemory.VALUE));
        if (value.name().isEmpty()) {
            return Optional.empty();
        }
        return kind(row, kinds).map(kind -> {
            KubeObject object = value.typed(kind);
            return new Kept(new ObjectKey(kind, kind.namespaced() ? object.namespace() : "", object.name()), object);
        });
    }

    /** By the object itself; a KubeEdge cloud leaves both fields out of some, and then by the wire's type. */
    private static Optional<ResourceKind> kind(Doc row, Memory.KnownKinds kinds) {
        String kind = row.text(NodeMemory.KIND);
        return kind.isEmpty()
                ? Kinds.ALL.stream()
                        .filter(k -> k.singular().equals(row.text(NodeMemory.TYPE)))
                        .findFirst()
                : kinds.of(row.text(NodeMemory.API_VERSION), kind);
    }
}
