package io.skep.runtime.api;

import java.util.List;
import java.util.Objects;

/**
 * An image that is here.
 *
 * @param id its id
 * @param tags its names
 * @param sizeBytes what it takes on disk
 * @param pinned whether somebody other than its host needs it: the runtime itself, or another of its hosts
 */
public record Image(String id, List<String> tags, long sizeBytes, boolean pinned) {
    public Image {
        Objects.requireNonNull(id, "id");
        tags = List.copyOf(tags);
    }

    /** One that only its host needs. */
    public Image(String id, List<String> tags, long sizeBytes) {
        this(id, tags, sizeBytes, false);
    }
}
