package io.skep.runtime.api;

import java.time.Duration;
import java.time.Instant;

/**
 * What a container uses.
 *
 * @param containerId the container
 * @param at when it was read
 * @param cpu processor time since its start
 * @param memoryBytes working set
 */
public record ContainerStats(String containerId, Instant at, Duration cpu, long memoryBytes) {}
