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
 */
public record ContainerStats(
        String containerId, Instant at, Duration cpu, long memoryBytes, Optional<Long> writtenBytes) {
    public ContainerStats {
        Objects.requireNonNull(containerId, "containerId");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(cpu, "cpu");
        Objects.requireNonNull(writtenBytes, "writtenBytes");
    }

    /** Where the platform does not tell what was written. */
    public ContainerStats(String containerId, Instant at, Duration cpu, long memoryBytes) {
        this(containerId, at, cpu, memoryBytes, Optional.empty());
    }
}
