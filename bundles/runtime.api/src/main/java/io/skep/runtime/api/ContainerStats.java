package io.skep.runtime.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What a container uses.
 *
 * @param containerId the container
 * @param at when it was read
 * @param cpu processor time since its start
 * @param memoryBytes working set
 * @param writtenBytes what it wrote beside its volumes, if the platform tells
 * @param processes process ids it has, its threads' among them, if the platform tells
 */
public record ContainerStats(
        String containerId,
        Instant at,
        Duration cpu,
        long memoryBytes,
        Optional<Long> writtenBytes,
        Optional<Long> processes) {
    public ContainerStats {
        Objects.requireNonNull(containerId, "containerId");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(cpu, "cpu");
        Objects.requireNonNull(writtenBytes, "writtenBytes");
        Objects.requireNonNull(processes, "processes");
    }
}
