package io.skep.core.api.store;

import java.util.Objects;

/**
 * One stored document.
 *
 * @param collection the collection it lies in
 * @param key unique in its collection
 * @param revision starts at 1 and grows by one with each put
 * @param body the text as it was put, usually JSON
 */
public record Document(String collection, String key, long revision, String body) {

    public Document {
        Objects.requireNonNull(collection, "collection");
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(body, "body");
    }
}
