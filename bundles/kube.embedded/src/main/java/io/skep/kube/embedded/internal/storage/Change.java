package io.skep.kube.embedded.internal.storage;

import io.skep.kube.api.ObjectKey;
import java.util.Optional;

/**
 * One write as watchers see it.
 *
 * @param key what changed
 * @param version the resource version of the write
 * @param before absent when it was created
 * @param after absent when it was removed
 */
public record Change(ObjectKey key, long version, Optional<Stored> before, Optional<Stored> after) {

    /** Length of the text it keeps in memory, in characters. */
    public int chars() {
        return after.or(() -> before).map(state -> state.text().length()).orElse(0);
    }
}
