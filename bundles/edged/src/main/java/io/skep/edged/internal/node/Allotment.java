package io.skep.edged.internal.node;

import io.skep.edged.internal.pressure.Signal;
import io.skep.edged.internal.pressure.Thresholds;

/**
 * What of the node is for pods: all but what is reserved for the machine itself, and a margin so that pods are not the ones
 * to exhaust it.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/cm/node_container_manager_linux.go}; the margins are the eviction
 * thresholds.
 *
 * @param maxPods pods beyond are rejected
 * @param reservedCpuMillis thousandths of a core
 * @param reservedMemoryBytes memory
 * @param reservedDiskBytes room on the data folder's file system
 * @param eviction what must stay free
 */
public record Allotment(
        int maxPods, long reservedCpuMillis, long reservedMemoryBytes, long reservedDiskBytes, Thresholds eviction) {

    /** Processors for pods, in thousandths. */
    long cpuMillis(Machine.Facts machine) {
        return Math.max(0, machine.cpus() * 1000L - reservedCpuMillis);
    }

    long memoryBytes(Machine.Load load) {
        return Math.max(
                0, load.memoryBytes() - reservedMemoryBytes - eviction.margin(Signal.MEMORY, load.memoryBytes()));
    }

    long diskBytes(Machine.Load load) {
        return Math.max(0, load.diskBytes() - eviction.margin(Signal.NODEFS, load.diskBytes()) - reservedDiskBytes);
    }
}
