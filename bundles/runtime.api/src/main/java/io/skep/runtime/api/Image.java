package io.skep.runtime.api;

import java.util.List;
import java.util.Objects;

/**
 * An image that is here.
 *
 * @param id its id
 * @param tags its names
 * @param sizeBytes what it takes on disk
 */
public record Image(String id, List<String> tags, long sizeBytes) {
    public Image {
        Objects.requireNonNull(id, "id");
        tags = List.copyOf(tags);
    }
}
