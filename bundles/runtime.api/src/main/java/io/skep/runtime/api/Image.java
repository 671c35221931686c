package io.skep.runtime.api;

import java.util.List;
import java.util.Objects;

/**
 * An image that is here.
 *
 * @param id its id
 * @param tags its names
 * @param sizeBytes what it takes on disk
 * @param user whom its containers run as when they don't say: a user id or a name in the image, {@code ""} for root
 * @param pinned whether somebody other than its host needs it: the runtime itself, or another of its hosts
 */
public record Image(String id, List<String> tags, long sizeBytes, String user, boolean pinned) {
    public Image {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(user, "user");
        tags = List.copyOf(tags);
    }

    /** One whose containers run as root and that only its host needs. */
    public Image(String id, List<String> tags, long sizeBytes) {
        this(id, tags, sizeBytes, "", false);
    }

    /** The same, needed by somebody else too. */
    public Image asPinned() {
        return new Image(id, tags, sizeBytes, user, true);
    }
}
