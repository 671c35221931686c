package io.skep.edged.internal.pod;

import io.skep.core.api.EdgeException;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.DocumentStore;
import io.skep.edged.internal.link.Json;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link PodRecord}s in the store, collection {@code edged}, one document a pod under {@code pod/<uid>}. */
final class Records {

    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final String COLLECTION = "edged";
    private static final String PREFIX = "pod/";

    private final DocumentStore store;
    private volatile boolean failing;

    Records(DocumentStore store) {
        this.store = store;
    }

    /** All records; one that can't be read is left where it is and reported. */
    List<PodRecord> load() {
        List<PodRecord> records = new ArrayList<>();
        store.list(COLLECTION, PREFIX).forEach(document -> {
            try {
                records.add(PodRecord.from(Json.object(document.body())));
            } catch (EdgeException e) {
                LOG.error("pod record can't be read: key={} reason={}", document.key(), e.getMessage());
            }
        });
        return records;
    }

    /** Writes the record if it changed; does not wait for the disk. A full disk is reported once and tried again later. */
    void save(PodRecord record) {
        if (record.takeDirty()) {
            submit(Change.put(COLLECTION, PREFIX + record.uid(), DocumentStore.ANY, Json.write(record.toDoc())));
        }
    }

    /** Forgets a pod that is gone from the node. */
    void forget(PodRecord record) {
        submit(Change.delete(COLLECTION, PREFIX + record.uid(), DocumentStore.ANY));
    }

    private void submit(Change change) {
        store.submit(List.of(change)).whenComplete((done, error) -> {
            if (error != null && !failing) {
                LOG.warn("pod record not written, goes on without: key={} reason={}", change.key(), error.getMessage());
            }
            failing = error != null;
        });
    }
}
