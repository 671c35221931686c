package io.skep.edgecontroller.internal;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What nodes acknowledged, read from ObjectSync and ClusterObjectSync objects named {@code <node>.<object uid>}. State of
 * the module's thread.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/synccontroller}, {@code reliablesyncs/v1alpha1}.
 */
final class SyncIndex {

    /**
     * One object a node has or was sent.
     *
     * @param key of the sync object itself
     * @param node who has it
     * @param uid of the object
     * @param apiVersion of the object
     * @param kind of the object
     * @param namespace of the object, {@code ""} for one of the whole cluster
     * @param name of the object
     * @param version acknowledged resource version; {@code "0"} before the first acknowledgement, {@code ""} if unset
     */
    record Synced(
            ObjectKey key,
            String node,
            String uid,
            String apiVersion,
            String kind,
            String namespace,
            String name,
            String version) {

        static Optional<Synced> from(KubeObject sync) {
            int dot = sync.name().lastIndexOf('.');
            if (dot <= 0) {
                return Optional.empty();
            }
            boolean cluster = sync.namespace().isEmpty();
            return Optional.of(new Synced(
                    new ObjectKey(
                            cluster ? Kinds.CLUSTER_OBJECT_SYNC : Kinds.OBJECT_SYNC, sync.namespace(), sync.name()),
                    sync.name().substring(0, dot),
                    sync.name().substring(dot + 1),
                    sync.spec().text("objectAPIVersion"),
                    sync.spec().text("objectKind"),
                    sync.namespace(),
                    sync.spec().text("objectName"),
                    sync.status().text("objectResourceVersion")));
        }
    }

    private final Map<String, Map<String, Synced>> byNode = new HashMap<>();
    private final Map<String, Set<String>> nodesByUid = new HashMap<>();

    void put(Synced synced) {
        byNode.computeIfAbsent(synced.node(), n -> new HashMap<>()).put(synced.uid(), synced);
        nodesByUid.computeIfAbsent(synced.uid(), u -> new LinkedHashSet<>()).add(synced.node());
    }

    void remove(Synced synced) {
        Map<String, Synced> onNode = byNode.get(synced.node());
        if (onNode != null && onNode.remove(synced.uid()) != null && onNode.isEmpty()) {
            byNode.remove(synced.node());
        }
        Set<String> nodes = nodesByUid.get(synced.uid());
        if (nodes != null && nodes.remove(synced.node()) && nodes.isEmpty()) {
            nodesByUid.remove(synced.uid());
        }
    }

    List<Synced> on(String node) {
        return new ArrayList<>(byNode.getOrDefault(node, Map.of()).values());
    }

    boolean has(String node, String uid) {
        return byNode.getOrDefault(node, Map.of()).containsKey(uid);
    }

    Set<String> nodesWith(String uid) {
        return Set.copyOf(nodesByUid.getOrDefault(uid, Set.of()));
    }

    /** All nodes something was sent to. */
    Set<String> nodes() {
        return Set.copyOf(byNode.keySet());
    }
}
