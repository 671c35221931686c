package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerConfig;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What a container is to be, as it is kept on disk.
 *
 * @param hostname of its sandbox
 * @param logFile absolute
 */
record ContainerRecord(
        String id,
        String sandboxId,
        String podUid,
        String hostname,
        Instant created,
        Path logFile,
        boolean namespaced,
        ContainerConfig config) {}
