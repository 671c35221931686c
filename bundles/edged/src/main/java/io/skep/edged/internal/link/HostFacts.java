package io.skep.edged.internal.link;

import java.util.Map;

/**
 * What pods may know of their node.
 *
 * @param node its name
 * @param ip its primary address
 * @param cpuMillis processors pods may use, in thousandths
 * @param memoryBytes what pods may use
 * @param storageBytes ephemeral storage pods may use
 * @param machineMemoryBytes what the machine has
 * @param labels those it gives itself; of others only the cloud knows
 */
public record HostFacts(
        String node,
        String ip,
        long cpuMillis,
        long memoryBytes,
        long storageBytes,
        long machineMemoryBytes,
        Map<String, String> labels) {
    public HostFacts {
        labels = Map.copyOf(labels);
    }
}
