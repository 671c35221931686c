package io.skep.edged.internal.link;

/**
 * What pods may know of their node.
 *
 * @param node its name
 * @param ip its primary address
 * @param cpuMillis processors pods may use, in thousandths
 * @param memoryBytes what pods may use
 * @param storageBytes ephemeral storage pods may use
 * @param machineMemoryBytes what the machine has
 */
public record HostFacts(
        String node, String ip, long cpuMillis, long memoryBytes, long storageBytes, long machineMemoryBytes) {}
