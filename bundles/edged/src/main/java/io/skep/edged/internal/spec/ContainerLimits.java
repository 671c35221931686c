package io.skep.edged.internal.spec;

import io.skep.runtime.api.Resources;

/**
 * What a container may use, in the runtime's terms.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/qos/policy.go} and {@code pkg/kubelet/cm/helpers_linux.go}.
 */
public final class ContainerLimits {

    private static final int GUARANTEED_OOM_SCORE = -997;
    private static final int BEST_EFFORT_OOM_SCORE = 1000;
    private static final long MIN_SHARES = 2;
    private static final long SHARES_PER_CPU = 1024;

    private ContainerLimits() {}

    /** Limits, weight and the kernel's inclination to kill it; {@code nodeMemoryBytes} is the whole machine's. */
    public static Resources resources(Pod pod, ContainerSpec container, long nodeMemoryBytes) {
        long cpuLimit = container.amount("limits", "cpu").orElse(0L);
        long cpuRequest = container.amount("requests", "cpu").orElse(cpuLimit);
        long memoryLimit = container.amount("limits", "memory").orElse(0L);
        long shares = Math.max(MIN_SHARES, cpuRequest * SHARES_PER_CPU / 1000);
        return new Resources(cpuLimit, shares, memoryLimit, oomScore(pod, container, nodeMemoryBytes));
    }

    private static int oomScore(Pod pod, ContainerSpec container, long nodeMemoryBytes) {
        switch (pod.qosClass()) {
            case "Guaranteed":
                return GUARANTEED_OOM_SCORE;
            case "BestEffort":
                return BEST_EFFORT_OOM_SCORE;
            default:
                long limit = container.amount("limits", "memory").orElse(0L);
                long request = container.amount("requests", "memory").orElse(limit);
                long score = 1000 - 1000 * request / Math.max(1, nodeMemoryBytes);
                return (int) Math.max(3, Math.min(BEST_EFFORT_OOM_SCORE - 1, score));
        }
    }
}
