package io.skep.edged.internal.pod;

import io.skep.core.api.EdgeException;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.DocumentStore;
import io.skep.edged.internal.link.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link PodRecord}s in the store, collection {@code edged}, one document a pod under {@code pod/<uid>}. */
final class Records {

    private static final Logger LOG = LoggerFactory.getLogger(Records.class);
    private static final String COLLECTION = "edged";
    private static final String PREFIX = "pod/";

    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private final DocumentStore store;
    private final ModuleContext context;
    private final Map<String, Integer> unwritten = new HashMap<>();
    private boolean failing;

    Records(DocumentStore store, ModuleContext context) {
        this.store = store;
        this.context = context;
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
            String body = Json.write(record.toDoc());
            submit(record.uid(), Change.put(COLLECTION, PREFIX + record.uid(), DocumentStore.ANY, body), () -> {
                record.touch();
                save(record);
            });
        }
    }

    /** Whether the store may not have the record as it is. */
    boolean lacks(PodRecord record) {
        return record.isDirty() || unwritten.containsKey(record.uid());
    }

    /** Forgets a pod that is gone from the node. */
    void forget(PodRecord record) {
        record.takeDirty();
        submit(record.uid(), Change.delete(COLLECTION, PREFIX + record.uid(), DocumentStore.ANY), () -> forget(record));
    }

    private void submit(String uid, Change change, Runnable again) {
        unwritten.merge(uid, 1, Integer::sum);
        store.submit(List.of(change))
                .whenComplete((done, error) -> context.execute(() -> {
                    if (error == null) {
                        ended(uid);
                    } else {
                        if (!failing) {
                            LOG.warn(
                                    "pod record not written, tried again: key={} reason={}",
                                    change.key(),
                                    error.getMessage());
                        }
                        context.after(TRY_AGAIN, () -> {
                            ended(uid);
                            again.run();
                        });
                    }
                    failing = error != null;
                }));
    }

    private void ended(String uid) {
        unwritten.computeIfPresent(uid, (same, writes) -> writes == 1 ? null : writes - 1);
    }
}
