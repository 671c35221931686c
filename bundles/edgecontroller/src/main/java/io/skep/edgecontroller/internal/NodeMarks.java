package io.skep.edgecontroller.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.Times;
import io.skep.kube.api.WriteOptions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Marks a node unreachable, and reachable again. Blocks on the store: worker threads only, one node at a time.
 *
 * <p>The words are those of Kubernetes' node lifecycle controller. The taint has the effect {@code NoSchedule} only:
 * {@code NoExecute} would have pods evicted, and an edge node goes on working without the cloud.
 */
final class NodeMarks {

    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    private static final String NO_SCHEDULE = "NoSchedule";
    private static final int TRIES = 5;

    private final ResourceStore store;
    private final InstantSource clock;

    NodeMarks(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Key that keeps all writes to one node in order. */
    String workKey(String node) {
        return "node/" + node;
    }

    /**
     * Sets Ready to Unknown and taints.
     *
     * @return whether anything had to be changed; false for a node that is gone
     */
    boolean unreachable(String name) {
        ObjectKey key = ObjectKey.of(Kinds.NODE, name);
        Optional<KubeObject> found = Reflector.lookUp(store, key);
        if (found.isEmpty()) {
            return false;
        }
        KubeObject node = found.get();
        Optional<Doc> ready = ready(node);
        boolean changed = false;
        if (ready.isEmpty() || !ready.get().text("status").equals("Unknown")) {
            Map<String, Object> condition = unknown(ready);
            String patch = Json.text(Map.of("status", Map.of("conditions", List.of(condition))));
            node = store.patch(key, "status", new Patch(PatchType.STRATEGIC_MERGE, patch), WriteOptions.NONE);
            changed = true;
        }
        return taint(key, node, true) || changed;
    }

    private Map<String, Object> unknown(Optional<Doc> ready) {
        String now = Times.format(clock.instant());
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", "Ready");
        condition.put("status", "Unknown");
        condition.put("reason", ready.isEmpty() ? "NodeStatusNeverUpdated" : "NodeStatusUnknown");
        condition.put(
                "message",
                ready.isEmpty() ? "Kubelet never posted node status." : "Kubelet stopped posting node status.");
        condition.put("lastTransitionTime", now);
        if (ready.isEmpty()) {
            condition.put("lastHeartbeatTime", now);
        }
        return condition;
    }

    /** Takes the taint from a node that says it is Ready. Returns the node as it then is. */
    KubeObject reachable(KubeObject node) {
        boolean ready = ready(node).map(c -> c.text("status").equals("True")).orElse(false);
        ObjectKey key = ObjectKey.of(Kinds.NODE, node.name());
        return ready && taint(key, node, false) ? store.get(key) : node;
    }

    private static Optional<Doc> ready(KubeObject node) {
        return node.status().objects("conditions").stream()
                .filter(c -> c.text("type").equals("Ready"))
                .findFirst();
    }

    /** Somebody else may taint the same node meanwhile: each try starts from the newest object. */
    private boolean taint(ObjectKey key, KubeObject first, boolean wanted) {
        KubeObject node = first;
        for (int attempt = 1; ; attempt++) {
            if (isTainted(node) == wanted) {
                return false;
            }
            try {
                store.patch(key, "", taints(node, wanted), WriteOptions.NONE);
                return true;
            } catch (KubeException e) {
                if (!Status.CONFLICT.equals(e.reason()) || attempt == TRIES) {
                    throw e;
                }
                node = store.get(key);
            }
        }
    }

    private static boolean isTainted(KubeObject node) {
        return node.spec().objects("taints").stream()
                .anyMatch(t -> t.text("key").equals(UNREACHABLE));
    }

    private Patch taints(KubeObject node, boolean wanted) {
        List<Object> taints = new ArrayList<>();
        node.spec().objects("taints").stream()
                .filter(t -> !t.text("key").equals(UNREACHABLE))
                .forEach(t -> taints.add(t.asMap()));
        if (wanted) {
            Map<String, Object> taint = new LinkedHashMap<>();
            taint.put("key", UNREACHABLE);
            taint.put("effect", NO_SCHEDULE);
            taint.put("timeAdded", Times.format(clock.instant()));
            taints.add(taint);
        }
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("taints", taints.isEmpty() ? null : taints);
        Map<String, Object> patch = new LinkedHashMap<>();
        patch.put("metadata", Map.of("resourceVersion", node.resourceVersion()));
        patch.put("spec", spec);
        return new Patch(PatchType.MERGE, Json.text(patch));
    }
}
