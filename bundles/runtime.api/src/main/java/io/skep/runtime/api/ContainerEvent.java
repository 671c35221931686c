package io.skep.runtime.api;

import java.time.Instant;
import java.util.Objects;

/**
 * A change of state.
 *
 * @param type what happened
 * @param sandboxId the sandbox
 * @param containerId the container; the sandbox's id for the sandbox itself
 * @param podUid the pod
 * @param at when
 */
public record ContainerEvent(Type type, String sandboxId, String containerId, String podUid, Instant at) {

    /** CRI's event types. */
    public enum Type {
        CREATED,
        STARTED,
        STOPPED,
        DELETED
    }

    public ContainerEvent {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(sandboxId, "sandboxId");
        Objects.requireNonNull(containerId, "containerId");
        Objects.requireNonNull(podUid, "podUid");
        Objects.requireNonNull(at, "at");
    }
}
