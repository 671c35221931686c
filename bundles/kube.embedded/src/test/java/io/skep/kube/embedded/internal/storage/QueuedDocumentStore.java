package io.skep.kube.embedded.internal.storage;

import io.skep.core.api.EdgeException;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.InMemoryDocumentStore;
import io.skep.core.api.store.StoreStatus;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store whose disk moves only when the test says so. */
final class QueuedDocumentStore implements DocumentStore {

    private record Submission(List<Change> changes, CompletableFuture<List<Document>> done) {}

    private final InMemoryDocumentStore disk = new InMemoryDocumentStore();
    private final ArrayDeque<Submission> queue = new ArrayDeque<>();

    /** Lets the disk do the next write, or refuse it. */
    void step(boolean succeed) {
        Submission next = queue.remove();
        disk.failWrites(!succeed);
        try {
            next.done().complete(disk.write(next.changes()));
        } catch (EdgeException e) {
            next.done().completeExceptionally(e);
        } finally {
            disk.failWrites(false);
        }
    }

    @Override
    public CompletionStage<List<Document>> submit(List<Change> changes) {
        Submission submission = new Submission(changes, new CompletableFuture<>());
        queue.add(submission);
        return submission.done();
    }

    @Override
    public Optional<Document> get(String collection, String key) {
        return disk.get(collection, key);
    }

    @Override
    public List<Document> list(String collection, String prefix, String after, int limit) {
        return disk.list(collection, prefix, after, limit);
    }

    @Override
    public long count(String collection, String prefix) {
        return disk.count(collection, prefix);
    }

    @Override
    public List<Document> write(List<Change> changes) {
        return disk.write(changes);
    }

    @Override
    public StoreStatus status() {
        return disk.status();
    }
}
