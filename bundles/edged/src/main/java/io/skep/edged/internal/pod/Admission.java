package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.HostFacts;
import io.skep.edged.internal.pressure.Pressure;
import io.skep.edged.internal.pressure.Pressures;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.SysctlAllowlist;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Refuses pods whose names could lead a path astray, that could never run or that are not for this node; the API server
 * checks the rest.
 *
 * <p>Source: the admission handlers of Kubernetes {@code pkg/kubelet/kubelet.go}.
 */
final class Admission {

    /** A pod that can't even be spoken of. */
    static final String NAMELESS = "its namespace, name or uid is no valid name";

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern UID = Pattern.compile("[-a-zA-Z0-9]{1,64}");

    private final Supplier<HostFacts> facts;
    private final int maxPods;
    private final Pressures pressures;
    private final SysctlAllowlist sysctls;

    Admission(Supplier<HostFacts> facts, int maxPods, Pressures pressures, SysctlAllowlist sysctls) {
        this.facts = facts;
        this.maxPods = maxPods;
        this.pressures = pressures;
        this.sysctls = sysctls;
    }

    /** Why a pod is rejected. */
    record Refusal(String reason, String message) {}

    /**
     * Why the node does not take one more pod, in kubelet's order.
     *
     * @param others the pods that have their place
     */
    Optional<Refusal> refusal(Pod pod, boolean fromFile, List<Pod> others) {
        return underPressure(pod, fromFile, pressures.conditions())
                .or(() -> sysctls.objection(pod)
                        .map(objection -> new Refusal("SysctlForbidden", "forbidden sysctl: " + objection)))
                .or(() -> Predicates.refusal(pod, others, facts.get(), maxPods));
    }

    /** Whether the node is too short of something to take it: all but memory is for every pod, memory for the modest ones. */
    private static Optional<Refusal> underPressure(Pod pod, boolean fromFile, Set<Pressure> pressures) {
        boolean memoryOnly = pressures.equals(Set.of(Pressure.MEMORY));
        if (pressures.isEmpty()
                || fromFile
                || pod.critical()
                || memoryOnly && (!pod.qosClass().equals("BestEffort") || toleratesMemoryPressure(pod))) {
            return Optional.empty();
        }
        String names = pressures.stream().map(Pressure::condition).collect(Collectors.joining(" "));
        return Optional.of(new Refusal(PodRecord.EVICTED, "The node had condition: [" + names + "]. "));
    }

    private static boolean toleratesMemoryPressure(Pod pod) {
        return pod.spec().objects("tolerations").stream().anyMatch(t -> {
            boolean effect = t.text("effect").isEmpty() || t.text("effect").equals("NoSchedule");
            boolean exists = t.text("operator").equals("Exists");
            boolean key = t.text("key").equals("node.kubernetes.io/memory-pressure")
                    || exists && t.text("key").isEmpty();
            return effect && key && (exists || t.text("value").isEmpty());
        });
    }

    static Optional<String> unfit(Pod pod) {
        if (!NAME.matcher(pod.name()).matches()
                || !LABEL.matcher(pod.namespace()).matches()
                || !UID.matcher(pod.uid()).matches()) {
            return Optional.of(NAMELESS);
        }
        if (pod.containers().isEmpty()) {
            return Optional.of("it has no containers");
        }
        Set<String> names = new HashSet<>();
        for (ContainerSpec container : pod.allContainers()) {
            if (!LABEL.matcher(container.name()).matches()) {
                return Optional.of("container name \"" + container.name() + "\" is invalid");
            }
            if (!names.add(container.name())) {
                return Optional.of("container name \"" + container.name() + "\" occurs twice");
            }
        }
        return Optional.empty();
    }
}
