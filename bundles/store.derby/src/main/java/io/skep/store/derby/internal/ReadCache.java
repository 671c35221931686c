package io.skep.store.derby.internal;

import io.skep.core.api.store.Document;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Documents read or written last, bounded by their size in memory. Coherent: it is changed by the writer after each commit,
 * and a reader's find enters only when nothing was committed since the reader began. Thread-safe.
 */
final class ReadCache {

    /** What an entry costs beside its text: map entry, document, strings, about. */
    private static final int OVERHEAD = 200;

    private final long limit;
    private final LinkedHashMap<String, Document> documents = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;
    private long commits;
    private long hits;
    private long misses;

    /** At most {@code limit} bytes; none at 0. */
    ReadCache(long limit) {
        this.limit = limit;
    }

    synchronized Optional<Document> get(String id) {
        Document found = documents.get(id);
        if (found == null) {
            misses++;
        } else {
            hits++;
        }
        return Optional.ofNullable(found);
    }

    /** To be taken before reading the table, for {@link #found}. */
    synchronized long stamp() {
        return commits;
    }

    /** Keeps what was read, unless it may be old by now. */
    synchronized void found(long stamp, String id, Document document) {
        if (stamp == commits) {
            put(id, document);
        }
    }

    /** Takes over what was committed. */
    synchronized void committed(List<Batch.Row> rows) {
        commits++;
        for (Batch.Row row : rows) {
            row.document().ifPresentOrElse(document -> put(row.id(), document), () -> remove(row.id()));
        }
    }

    /** Forgets everything. */
    synchronized void clear() {
        commits++;
        documents.clear();
        bytes = 0;
    }

    synchronized long bytes() {
        return bytes;
    }

    synchronized long hits() {
        return hits;
    }

    synchronized long misses() {
        return misses;
    }

    private void put(String id, Document document) {
        remove(id);
        long size = size(id, document);
        // One large body must not drive out everything else.
        if (size > limit / 4) {
            return;
        }
        documents.put(id, document);
        bytes += size;
        Iterator<Map.Entry<String, Document>> eldest = documents.entrySet().iterator();
        while (bytes > limit && eldest.hasNext()) {
            Map.Entry<String, Document> entry = eldest.next();
            bytes -= size(entry.getKey(), entry.getValue());
            eldest.remove();
        }
    }

    private void remove(String id) {
        Document old = documents.remove(id);
        if (old != null) {
            bytes -= size(id, old);
        }
    }

    private static long size(String id, Document document) {
        return OVERHEAD + 2L * id.length() + document.body().length();
    }
}
