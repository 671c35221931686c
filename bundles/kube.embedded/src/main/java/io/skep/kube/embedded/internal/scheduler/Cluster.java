package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.HostPort;
import io.skep.kube.api.KubeObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The nodes and what runs on them, as the scheduler has heard. On the scheduler's thread only. */
final class Cluster {

    /** What the pods of one node take. */
    record Load(int pods, Resources requests, List<HostPort> hostPorts) {
        static final Load NONE = new Load(0, Resources.NONE, List.of());

        Load plus(PodFacts pod) {
            List<HostPort> ports = new ArrayList<>(hostPorts);
            ports.addAll(pod.hostPorts());
            return new Load(pods + 1, requests.plus(pod.requests()), ports);
        }

        boolean takes(HostPort port) {
            return hostPorts.stream().anyMatch(port::conflicts);
        }
    }

    private final Map<String, NodeFacts> nodes = new TreeMap<>();
    private final Map<String, PodFacts> placed = new HashMap<>();
    private final Map<String, Map<String, PodFacts>> byNode = new HashMap<>();
    private final Map<String, Load> loads = new HashMap<>();

    /** Returns whether anything changed that could make room. */
    boolean nodeSeen(KubeObject node) {
        NodeFacts facts = NodeFacts.of(node);
        return !facts.equals(nodes.put(facts.name(), facts));
    }

    void nodeGone(String name) {
        nodes.remove(name);
    }

    void podPlaced(String pod, PodFacts facts) {
        podGone(pod);
        placed.put(pod, facts);
        byNode.computeIfAbsent(facts.node(), n -> new HashMap<>()).put(pod, facts);
        loads.remove(facts.node());
    }

    /** Returns whether that makes room. */
    boolean podGone(String pod) {
        PodFacts old = placed.remove(pod);
        if (old == null) {
            return false;
        }
        byNode.get(old.node()).remove(pod);
        loads.remove(old.node());
        return true;
    }

    /** Whether this very pod has its node already; news from before that may still come. */
    boolean isPlaced(String pod, String uid) {
        PodFacts facts = placed.get(pod);
        return facts != null && facts.uid().equals(uid);
    }

    Collection<NodeFacts> nodes() {
        return nodes.values();
    }

    Load load(String node) {
        return loads.computeIfAbsent(node, n -> {
            Load load = Load.NONE;
            for (PodFacts pod : byNode.getOrDefault(n, Map.of()).values()) {
                load = load.plus(pod);
            }
            return load;
        });
    }

    void clear() {
        nodes.clear();
        placed.clear();
        byNode.clear();
        loads.clear();
    }
}
