package io.skep.store.derby.internal;

import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Changes that wait for the disk, and whoever waits for them. */
record Submission(List<Change> changes, long bytes, CompletableFuture<List<Document>> done) {

    private static final int OVERHEAD = 200;

    static Submission of(List<Change> changes) {
        List<Change> copy = List.copyOf(changes);
        long bytes = 0;
        for (Change change : copy) {
            Ids.check(change);
            bytes += OVERHEAD
                    + change.key().length()
                    + change.body().map(String::length).orElse(0);
        }
        return new Submission(copy, bytes, new CompletableFuture<>());
    }
}
