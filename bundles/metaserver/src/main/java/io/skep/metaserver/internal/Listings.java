package io.skep.metaserver.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What clients were told when they listed, so that a watch from there can tell what has changed and what is gone: a node has
 * no history of what it was not sent. The oldest are forgotten; their clients list anew. Thread-safe.
 */
final class Listings {

    /** Most objects of all listings; of each only the identity is kept. */
    static final int MOST_OBJECTS = 20_000;

    private static final int MOST_LISTINGS = 64;

    private record Moment(Selection selection, String version) {}

    private final Map<Moment, Map<ObjectKey, KubeObject>> listings = new LinkedHashMap<>();
    private int objects;

    /**
     * Remembers a list, or a further page of it.
     *
     * @param first whether it is the first page
     */
    synchronized void add(Selection selection, KubeList list, boolean first) {
        Moment moment = new Moment(selection, list.resourceVersion());
        Map<ObjectKey, KubeObject> former = listings.remove(moment);
        Map<ObjectKey, KubeObject> heads = first || former == null ? new HashMap<>() : former;
        objects -= former == null ? 0 : former.size();
        list.items().forEach(item -> heads.put(selection.key(item), head(item)));
        listings.put(moment, heads);
        objects += heads.size();
        Iterator<Map<ObjectKey, KubeObject>> oldest = listings.values().iterator();
        while (objects > MOST_OBJECTS || listings.size() > MOST_LISTINGS) {
            objects -= oldest.next().size();
            oldest.remove();
        }
    }

    /** What a client was told that names this version; empty when that is not known (any more). */
    synchronized Optional<Map<ObjectKey, KubeObject>> find(Selection selection, String version) {
        return Optional.ofNullable(listings.get(new Moment(selection, version))).map(Map::copyOf);
    }

    private static KubeObject head(KubeObject object) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", object.name());
        metadata.put("namespace", object.namespace());
        metadata.put("uid", object.uid());
        metadata.put("resourceVersion", object.resourceVersion());
        metadata.values().removeIf(""::equals);
        return new KubeObject(
                Doc.of(Map.of("apiVersion", object.apiVersion(), "kind", object.kind(), "metadata", metadata)));
    }
}
