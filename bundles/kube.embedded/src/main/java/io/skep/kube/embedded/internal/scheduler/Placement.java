package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.NodeAffinity;
import io.skep.kube.embedded.internal.scheduler.NodeFacts.Taint;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Finds the node for a pod: of those that may run it the one with the least on it.
 *
 * <p>Source of rules and texts: Kubernetes {@code pkg/scheduler/framework/plugins}, {@code types.go} ({@code FitError}).
 *
 * @param node the node, empty when there is none
 * @param message why there is none, as kubectl users know it
 */
record Placement(Optional<String> node, String message) {

    private static final String PODS = "pods";

    static Placement find(KubeObject pod, Cluster cluster) {
        if (cluster.nodes().isEmpty()) {
            return new Placement(Optional.empty(), "no nodes available to schedule pods");
        }
        PodFacts facts = PodFacts.of(pod);
        Map<String, Integer> reasons = new TreeMap<>();
        Map<NodeFacts, Cluster.Load> fitting = new LinkedHashMap<>();
        for (NodeFacts node : cluster.nodes()) {
            Cluster.Load load = cluster.load(node.name());
            Optional<String> reason = obstacle(pod.spec(), facts, node, load);
            if (reason.isPresent()) {
                reasons.merge(reason.get(), 1, Integer::sum);
            } else {
                fitting.put(node, load);
            }
        }
        return fitting.entrySet().stream()
                .min(Comparator.<Map.Entry<NodeFacts, Cluster.Load>>comparingLong(e -> avoided(pod.spec(), e.getKey()))
                        .thenComparing(e -> share(e.getKey(), e.getValue(), facts))
                        .thenComparing(e -> e.getValue().pods())
                        .thenComparing(e -> e.getKey().name()))
                .map(e -> new Placement(Optional.of(e.getKey().name()), ""))
                .orElseGet(() ->
                        new Placement(Optional.empty(), message(cluster.nodes().size(), reasons)));
    }

    private static String message(int nodes, Map<String, Integer> reasons) {
        String list = reasons.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", "));
        return "0/" + nodes + " nodes are available: " + list + ".";
    }

    /** Why the pod can't run there; the first reason only, as Kubernetes counts them. */
    private static Optional<String> obstacle(Doc spec, PodFacts pod, NodeFacts node, Cluster.Load load) {
        for (Taint taint : node.taints()) {
            boolean keepsOut =
                    taint.effect().equals(Taint.NO_SCHEDULE) || taint.effect().equals(Taint.NO_EXECUTE);
            if (keepsOut && !tolerates(spec, taint)) {
                return Optional.of(
                        taint.key().equals(Taint.UNSCHEDULABLE)
                                ? "node(s) were unschedulable"
                                : "node(s) had untolerated taint {" + taint.key() + ": " + taint.value() + "}");
            }
        }
        if (!NodeAffinity.matches(spec, node.name(), node.labels())) {
            return Optional.of("node(s) didn't match Pod's node affinity/selector");
        }
        if (pod.hostPorts().stream().anyMatch(load::takes)) {
            return Optional.of("node(s) didn't have free ports for the requested pod ports");
        }
        if (node.allocatable().amounts().containsKey(PODS)
                && node.allocatable().get(PODS).compareTo(BigDecimal.valueOf(load.pods() + 1L)) < 0) {
            return Optional.of("Too many pods");
        }
        Resources wanted = load.requests().plus(pod.requests());
        return pod.requests().names().stream()
                .filter(name -> pod.requests().get(name).signum() > 0)
                .filter(name -> wanted.get(name).compareTo(node.allocatable().get(name)) > 0)
                .map(name -> "Insufficient " + name)
                .findFirst();
    }

    private static boolean tolerates(Doc spec, Taint taint) {
        return spec.objects("tolerations").stream().anyMatch(t -> {
            boolean effect = t.text("effect").isEmpty() || t.text("effect").equals(taint.effect());
            boolean exists = t.text("operator").equals("Exists");
            boolean key = t.text("key").equals(taint.key()) || t.text("key").isEmpty() && exists;
            return effect && key && (exists || t.text("value").equals(taint.value()));
        });
    }

    private static long avoided(Doc spec, NodeFacts node) {
        return node.taints().stream()
                .filter(t -> t.effect().equals(Taint.PREFER_NO_SCHEDULE) && !tolerates(spec, t))
                .count();
    }

    /** How full the node would be, the mean of CPU and memory, from 0 to 2. */
    private static BigDecimal share(NodeFacts node, Cluster.Load load, PodFacts pod) {
        BigDecimal share = BigDecimal.ZERO;
        for (String name : List.of("cpu", "memory")) {
            BigDecimal all = node.allocatable().get(name);
            if (all.signum() > 0) {
                share = share.add(load.requests().plus(pod.requests()).get(name).divide(all, MathContext.DECIMAL32));
            }
        }
        return share;
    }
}
