package io.skep.core.api.store;

import java.util.Objects;
import java.util.Optional;

/**
 * One change of a write.
 *
 * @param collection at most {@link DocumentStore#MAX_COLLECTION} characters
 * @param key at most {@link DocumentStore#MAX_KEY} characters
 * @param expected the revision the caller last saw, {@link DocumentStore#ABSENT} or {@link DocumentStore#ANY}
 * @param body the new body, or empty to delete
 */
public record Change(String collection, String key, long expected, Optional<String> body) {

    public Change {
        Objects.requireNonNull(collection, "collection");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(body, "body");
    }

    /** Creates or replaces a document. */
    public static Change put(String collection, String key, long expected, String body) {
        return new Change(collection, key, expected, Optional.of(body));
    }

    /** Removes a document. */
    public static Change delete(String collection, String key, long expected) {
        return new Change(collection, key, expected, Optional.empty());
    }
}
