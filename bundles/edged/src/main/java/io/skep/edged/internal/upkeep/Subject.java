package io.skep.edged.internal.upkeep;

import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import java.util.List;

/**
 * A pod to measure.
 *
 * @param uid its uid
 * @param runtime its runtime
 * @param containers what it has there
 * @param storage its part of the disk
 */
public record Subject(String uid, PodRuntime runtime, List<ContainerStatus> containers, PodStorage storage) {}
