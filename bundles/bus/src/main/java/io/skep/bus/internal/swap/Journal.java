package io.skep.bus.internal.swap;

import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The operations in the store: collection {@code operations}, key = id, the oldest dropped. Blocks on the disk. */
final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final String COLLECTION = "operations";

    private final DocumentStore store;
    private final int most;

    /** A journal that remembers {@code most} operations. */
    Journal(DocumentStore store, int most) {
        this.store = store;
        this.most = most;
    }

    /** Writes an operation as it is now and returns once it is on disk. */
    void write(SwapOperation operation) {
        write(operation, List.of());
    }

    /** As {@link #write(SwapOperation)}, with changes that come true together with it. */
    void write(SwapOperation operation, List<Change> changes) {
        List<Change> all = new ArrayList<>(changes);
        all.add(Change.put(COLLECTION, operation.id(), DocumentStore.ANY, OperationJson.write(operation)));
        store.write(all);
    }

    /** All operations, newest first; one that can't be read is left out. */
    List<SwapOperation> list() {
        List<SwapOperation> operations = new ArrayList<>();
        for (Document document : store.list(COLLECTION, "")) {
            try {
                operations.add(OperationJson.read(document.body()));
            } catch (IllegalArgumentException e) {
                LOG.warn("operation not readable: id={} reason={}", document.key(), e.getMessage());
            }
        }
        Collections.reverse(operations);
        return operations;
    }

    /** Those that had not ended when the process did. */
    List<SwapOperation> unfinished() {
        return list().stream().filter(o -> o.outcome() == Outcome.RUNNING).toList();
    }

    /** Drops the oldest beyond the bound. */
    void trim() {
        List<Document> all = store.list(COLLECTION, "");
        for (Document old : all.subList(0, Math.max(0, all.size() - most))) {
            store.delete(COLLECTION, old.key(), DocumentStore.ANY);
        }
    }
}
