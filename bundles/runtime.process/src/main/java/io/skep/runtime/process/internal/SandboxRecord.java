package io.skep.runtime.process.internal;

import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxStatus;
import java.time.Instant;
import java.util.List;

/**
 * A sandbox, as it is kept on disk.
 *
 * @param bootId boot of the machine it was made in; in another one it is not ready any more
 * @param stopped whether it was stopped
 */
record SandboxRecord(String id, Instant created, String bootId, boolean stopped, PodSandboxConfig config) {

    SandboxRecord stop() {
        return new SandboxRecord(id, created, bootId, true, config);
    }

    boolean ready(String currentBootId) {
        return !stopped && bootId.equals(currentBootId);
    }

    /** A process has the node's network, never an address of its own. */
    PodSandboxStatus status(String currentBootId) {
        return new PodSandboxStatus(
                id, config.metadata(), ready(currentBootId), created, List.of(), config.labels(), config.annotations());
    }
}
