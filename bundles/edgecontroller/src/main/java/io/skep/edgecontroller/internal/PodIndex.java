package io.skep.edgecontroller.internal;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Bound pods by node, and the nodes that need a ConfigMap or Secret. State of the module's thread. */
final class PodIndex {

    private record Entry(KubeObject pod, Set<ObjectKey> references, String contentVersion) {
        String node() {
            return pod.spec().text("nodeName");
        }
    }

    private final Map<String, Entry> byUid = new HashMap<>();
    private final Map<String, Set<String>> uidsByNode = new HashMap<>();
    private final Map<ObjectKey, Set<String>> uidsByReference = new HashMap<>();

    /**
     * Takes a pod as it is now.
     *
     * @return whether anything is new that its node did not say itself; only then it has to hear of it
     */
    boolean put(KubeObject pod) {
        Entry old = byUid.get(pod.uid());
        boolean changed = old == null || !content(old.pod()).equals(content(pod));
        remove(pod.uid());
        if (pod.spec().text("nodeName").isEmpty()) {
            return false;
        }
        Entry entry = new Entry(
                pod,
                changed || old == null ? References.of(pod) : old.references(),
                changed || old == null ? pod.resourceVersion() : old.contentVersion());
        byUid.put(pod.uid(), entry);
        uidsByNode.computeIfAbsent(entry.node(), n -> new HashSet<>()).add(pod.uid());
        entry.references()
                .forEach(r ->
                        uidsByReference.computeIfAbsent(r, k -> new HashSet<>()).add(pod.uid()));
        return changed;
    }

    void remove(String uid) {
        Entry entry = byUid.remove(uid);
        if (entry == null) {
            return;
        }
        take(uidsByNode, entry.node(), uid);
        entry.references().forEach(r -> take(uidsByReference, r, uid));
    }

    private static <K> void take(Map<K, Set<String>> index, K key, String uid) {
        Set<String> uids = index.get(key);
        if (uids != null && uids.remove(uid) && uids.isEmpty()) {
            index.remove(key);
        }
    }

    /**
     * What of a pod concerns its node: all but the store's own bookkeeping and the status, of which the node itself is the
     * author. Others write the conditions that are readiness gates; without them the pod is never ready.
     */
    private static KubeObject content(KubeObject pod) {
        return pod.with(gates(pod), "status")
                .without("metadata", "resourceVersion")
                .without("metadata", "generation")
                .without("metadata", "managedFields");
    }

    private static Map<String, String> gates(KubeObject pod) {
        Set<String> types = pod.spec().objects("readinessGates").stream()
                .map(gate -> gate.text("conditionType"))
                .collect(Collectors.toSet());
        return pod.status().objects("conditions").stream()
                .filter(condition -> types.contains(condition.text("type")))
                .collect(Collectors.toMap(c -> c.text("type"), c -> c.text("status"), (first, second) -> second));
    }

    Collection<KubeObject> podsOn(String node) {
        return uidsByNode.getOrDefault(node, Set.of()).stream()
                .map(uid -> byUid.get(uid).pod())
                .toList();
    }

    /** Resource version of the last change that concerned the node, or the object's own. */
    String contentVersion(KubeObject object) {
        Entry entry = byUid.get(object.uid());
        return entry == null ? object.resourceVersion() : entry.contentVersion();
    }

    Set<String> nodesThatNeed(ObjectKey configOrSecret) {
        Set<String> nodes = new LinkedHashSet<>();
        uidsByReference
                .getOrDefault(configOrSecret, Set.of())
                .forEach(uid -> nodes.add(byUid.get(uid).node()));
        return nodes;
    }

    boolean isNeeded(String node, ObjectKey configOrSecret) {
        return uidsByNode.getOrDefault(node, Set.of()).stream()
                .anyMatch(uid -> byUid.get(uid).references().contains(configOrSecret));
    }

    Set<ObjectKey> neededOn(String node) {
        Set<ObjectKey> keys = new LinkedHashSet<>();
        List.copyOf(uidsByNode.getOrDefault(node, Set.of()))
                .forEach(uid -> keys.addAll(byUid.get(uid).references()));
        return keys;
    }
}
