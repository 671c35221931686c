package io.skep.core.api.store;

import io.skep.core.api.EdgeException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store whose disk does what was submitted when the test says so. */
public final class SteppedDocumentStore implements DocumentStore {

    private record Submission(List<Change> changes, CompletableFuture<List<Document>> done) {}

    private final InMemoryDocumentStore disk;
    private final ArrayDeque<Submission> queue = new ArrayDeque<>();

    public SteppedDocumentStore(InMemoryDocumentStore disk) {
        this.disk = disk;
    }

    /** Lets the disk do the next write, or refuse it. */
    public void step(boolean succeed) {
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

    /** Lets the disk do all that waits. */
    public void flush() {
        while (!queue.isEmpty()) {
            step(true);
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
