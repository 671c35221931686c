package io.skep.edged.internal.spec;

import io.skep.runtime.api.Resources;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a pod asks for and may use as a whole: its containers run together, its init containers one after the other beside
 * the sidecars before them; to either comes what its sandbox costs.
 *
 * <p>Source: Kubernetes {@code component-helpers/resource/helpers.go} and {@code pkg/kubelet/cm/helpers_linux.go}.
 */
public final class PodResources {

    private static final long LEAST_SHARES = 2;
    private static final long SHARES_PER_CPU = 1024;

    private PodResources() {}

    /** What its cgroup keeps; a limit only where every container has one. */
    public static Resources of(Pod pod) {
        long shares = Math.max(LEAST_SHARES, request(pod, "cpu") * SHARES_PER_CPU / 1000);
        return new Resources(limit(pod, "cpu"), shares, limit(pod, "memory"), 0);
    }

    /** What it asks for, in the resource's unit; a limit stands in for a request that is not said. */
    public static long request(Pod pod, String resource) {
        long containers = sum(
                pod,
                container -> container
                        .amount("requests", resource)
                        .or(() -> container.amount("limits", resource))
                        .orElse(0L));
        return containers + overhead(pod, resource);
    }

    /** What its containers that have a limit may use together, or 0 when none has one. */
    public static long limits(Pod pod, String resource) {
        long containers =
                sum(pod, container -> container.amount("limits", resource).orElse(0L));
        return containers == 0 ? 0 : containers + overhead(pod, resource);
    }

    /** What it may use, or 0 when one of its containers has no limit. */
    private static long limit(Pod pod, String resource) {
        boolean all = running(pod)
                .allMatch(container -> container.amount("limits", resource).orElse(0L) > 0);
        return all ? limits(pod, resource) : 0;
    }

    private static long overhead(Pod pod, String resource) {
        return ContainerSpec.inUnits(pod.spec().text("overhead", resource), resource)
                .orElse(0L);
    }

    private static Stream<ContainerSpec> running(Pod pod) {
        return pod.allContainers().stream().filter(container -> !container.ephemeral());
    }

    private static long sum(Pod pod, ToLongFunction<ContainerSpec> amount) {
        long sidecars = 0;
        long most = 0;
        for (ContainerSpec init : pod.initContainers()) {
            long own = amount.applyAsLong(init);
            if (init.sidecar()) {
                sidecars += own;
            }
            most = Math.max(most, init.sidecar() ? sidecars : sidecars + own);
        }
        long together = sidecars + pod.containers().stream().mapToLong(amount).sum();
        return Math.max(most, together);
    }
}
