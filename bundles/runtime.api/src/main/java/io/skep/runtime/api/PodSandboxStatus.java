package io.skep.runtime.api;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A sandbox as it is.
 *
 * @param id its id
 * @param metadata whose it is, as it was configured
 * @param ready whether containers can run in it
 * @param created when it was made
 * @param ips its own addresses, the first one primary; empty when it has none but the node's
 * @param labels as configured
 * @param annotations as configured
 */
public record PodSandboxStatus(
        String id,
        PodSandboxConfig.Metadata metadata,
        boolean ready,
        Instant created,
        List<String> ips,
        Map<String, String> labels,
        Map<String, String> annotations) {

    public PodSandboxStatus {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(created, "created");
        ips = List.copyOf(ips);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
