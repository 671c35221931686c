package io.skep.edged.internal.node;

/**
 * What of the node is for pods: all but what is reserved for the machine itself, and a margin so that pods are not the ones
 * to exhaust it.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/cm/node_container_manager_linux.go}; the margins are its default eviction
 * thresholds.
 *
 * @param maxPods pods beyond are rejected
 * @param reservedCpuMillis thousandths of a core
 * @param reservedMemoryBytes memory
 * @param reservedDiskBytes room on the data folder's file system
 */
public record Allotment(int maxPods, long reservedCpuMillis, long reservedMemoryBytes, long reservedDiskBytes) {

    /** Less free memory than this is pressure. */
    static final long MEMORY_MARGIN_BYTES = 100L << 20;

    /** Less free room than this part of the disk is pressure. */
    static final int DISK_MARGIN_DIVISOR = 10;

    /** Processors for pods, in thousandths. */
    long cpuMillis(Machine.Facts machine) {
        return Math.max(0, machine.cpus() * 1000L - reservedCpuMillis);
    }

    long memoryBytes(Machine.Load load) {
        return Math.max(0, load.memoryBytes() - reservedMemoryBytes - MEMORY_MARGIN_BYTES);
    }

    long diskBytes(Machine.Load load) {
        return Math.max(0, load.diskBytes() / DISK_MARGIN_DIVISOR * (DISK_MARGIN_DIVISOR - 1) - reservedDiskBytes);
    }
}
