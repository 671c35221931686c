package io.skep.kube.api;

import java.util.Objects;

/**
 * How a write is to be done.
 *
 * @param dryRun go through everything but the writing
 * @param fieldManager who writes, {@code ""} when not said
 * @param force take fields over from other managers (server-side apply)
 */
public record WriteOptions(boolean dryRun, String fieldManager, boolean force) {

    public static final WriteOptions NONE = new WriteOptions(false, "", false);

    public WriteOptions {
        Objects.requireNonNull(fieldManager, "fieldManager");
    }
}
