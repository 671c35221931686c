package io.skep.metamanager.internal;

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

/** A store whose disk writes when the test says so. */
final class HeldStore implements DocumentStore {

    private record Waiting(List<Change> changes, CompletableFuture<List<Document>> done) {}

    private final InMemoryDocumentStore disk;
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();

    HeldStore(InMemoryDocumentStore disk) {
        this.disk = disk;
    }

    /** Writes everything that waits. */
    void flush() {
        while (!waiting.isEmpty()) {
            Waiting next = waiting.poll();
            disk.submit(next.changes()).whenComplete((documents, failure) -> {
                if (failure == null) {
                    next.done().complete(documents);
                } else {
                    next.done().completeExceptionally(failure);
                }
            });
        }
    }

    @Override
    public CompletionStage<List<Document>> submit(List<Change> changes) {
        Waiting next = new Waiting(changes, new CompletableFuture<>());
        waiting.add(next);
        return next.done();
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
