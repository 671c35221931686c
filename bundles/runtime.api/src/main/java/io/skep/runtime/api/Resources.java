package io.skep.runtime.api;

/**
 * Limits of a pod or a container; 0 means none.
 *
 * @param cpuMillis CPU, in thousandths of a core
 * @param cpuShares relative weight, as the kernel's {@code cpu.shares}
 * @param memoryBytes memory
 * @param oomScoreAdj the kernel's inclination to kill it, -1000 to 1000
 */
public record Resources(long cpuMillis, long cpuShares, long memoryBytes, int oomScoreAdj) {
    public static final Resources NONE = new Resources(0, 0, 0, 0);
}
