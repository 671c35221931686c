package io.skep.core.api.store;

import io.skep.core.api.EdgeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Durable JSON documents, grouped in collections and guarded by revision. A completed write is on disk: it survives
 * kill -9 and power loss. Thread-safe; every call but {@link #submit} and {@link #status} may block on the disk.
 *
 * <p>Failures are an {@link EdgeException}: {@code CONFLICT} when another revision is there, {@code SERVICE_UNAVAILABLE}
 * when the store can't write now (disk full, closing), {@code INVALID} for a key or body beyond the limits.
 */
@ProviderType
public interface DocumentStore {

    /** Expected revision that asks to create: no document is ever stored under it. */
    long ABSENT = 0;

    /** Expected revision that asks for no check: create or replace, delete if there. */
    long ANY = -1;

    /** Longest collection name, in characters. */
    int MAX_COLLECTION = 64;

    /** Longest key, in characters; a key holds no NUL. */
    int MAX_KEY = 768;

    /** Largest body, in UTF-8 bytes. */
    int MAX_BODY_BYTES = 32 << 20;

    Optional<Document> get(String collection, String key);

    /** All documents of a collection whose key starts with {@code prefix}, in key order (by code unit). */
    default List<Document> list(String collection, String prefix) {
        return list(collection, prefix, "", Integer.MAX_VALUE);
    }

    /**
     * A page of {@link #list(String, String)}.
     *
     * @param after only keys greater than this one; {@code ""} from the start
     * @param limit at most so many documents, at least 1
     */
    List<Document> list(String collection, String prefix, String after, int limit);

    /** Number of documents in a collection whose key starts with {@code prefix}. */
    long count(String collection, String prefix);

    /** Stores one document; short for one {@link Change#put} in {@link #write}. */
    default Document put(String collection, String key, long expected, String body) {
        return write(List.of(Change.put(collection, key, expected, body))).get(0);
    }

    /** Deletes one document; short for one {@link Change#delete} in {@link #write}. Nothing there is no error. */
    default void delete(String collection, String key, long expected) {
        write(List.of(Change.delete(collection, key, expected)));
    }

    /**
     * Applies all changes or none, and returns once they are on disk.
     *
     * @return the documents of the puts, in order
     */
    List<Document> write(List<Change> changes);

    /**
     * As {@link #write} without waiting. Changes submitted by one thread are applied in the order submitted; several
     * submissions may share one disk flush. The stage completes on the store's thread.
     */
    CompletionStage<List<Document>> submit(List<Change> changes);

    /** How the store is. */
    StoreStatus status();
}
