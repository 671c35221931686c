package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.pod.Admission.Refusal;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodResources;
import io.skep.kube.api.HostPort;
import io.skep.kube.api.NodeAffinity;
import java.util.List;
import java.util.Optional;

/**
 * Whether a pod is for this node, and has room here. The scheduler has asked the same; a pod that names its node itself has
 * passed none.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/lifecycle/predicate.go}.
 */
final class Predicates {

    private static final String SYSTEM = "linux";
    private static final String SYSTEM_LABEL = "kubernetes.io/os";

    private Predicates() {}

    static Optional<Refusal> refusal(Pod pod, List<Pod> others, HostFacts facts, int maxPods) {
        return otherSystem(pod)
                .or(() -> noRoom(pod, others, facts, maxPods))
                .or(() -> otherNode(pod, facts))
                .or(() -> portTaken(pod, others));
    }

    private static Optional<Refusal> otherSystem(Pod pod) {
        if (!pod.object().labels().getOrDefault(SYSTEM_LABEL, SYSTEM).equals(SYSTEM)) {
            return Optional.of(new Refusal(
                    "PodOSSelectorNodeLabelDoesNotMatch",
                    "Failed to admit pod as the `" + SYSTEM_LABEL + "` label doesn't match node label"));
        }
        return pod.spec().has("os") && !pod.spec().text("os", "name").equals(SYSTEM)
                ? Optional.of(
                        new Refusal("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS"))
                : Optional.empty();
    }

    private static Optional<Refusal> noRoom(Pod pod, List<Pod> others, HostFacts facts, int maxPods) {
        return lack("pods", 1, others.size(), maxPods)
                .or(() -> lack("cpu", pod, others, facts.cpuMillis()))
                .or(() -> lack("memory", pod, others, facts.memoryBytes()))
                .or(() -> lack("ephemeral-storage", pod, others, facts.storageBytes()));
    }

    private static Optional<Refusal> lack(String resource, Pod pod, List<Pod> others, long capacity) {
        long wanted = PodResources.request(pod, resource);
        // As kubelet: what asks for nothing always fits
        return wanted == 0
                ? Optional.empty()
                : lack(
                        resource,
                        wanted,
                        others.stream()
                                .mapToLong(other -> PodResources.request(other, resource))
                                .sum(),
                        capacity);
    }

    private static Optional<Refusal> lack(String resource, long wanted, long used, long capacity) {
        return used + wanted <= capacity
                ? Optional.empty()
                : Optional.of(new Refusal(
                        "OutOf" + resource,
                        "Node didn't have enough resource: " + resource + ", requested: " + wanted + ", used: " + used
                                + ", capacity: " + capacity));
    }

    private static Optional<Refusal> otherNode(Pod pod, HostFacts facts) {
        return NodeAffinity.mayMatch(pod.spec(), facts.node(), facts.labels())
                ? Optional.empty()
                : failed("NodeAffinity", "node(s) didn't match Pod's node affinity/selector");
    }

    private static Optional<Refusal> portTaken(Pod pod, List<Pod> others) {
        List<HostPort> taken = others.stream()
                .flatMap(other -> HostPort.of(other.spec()).stream())
                .toList();
        return HostPort.of(pod.spec()).stream().anyMatch(port -> taken.stream().anyMatch(port::conflicts))
                ? failed("NodePorts", "node(s) didn't have free ports for the requested pod ports")
                : Optional.empty();
    }

    private static Optional<Refusal> failed(String predicate, String description) {
        return Optional.of(new Refusal(predicate, "Predicate " + predicate + " failed: " + description));
    }
}
