package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.memory.NodeMemory;
import io.skep.core.api.message.ResourcePath;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows in the store, with their heads in memory: what is known is told without reading the disk. A head is as last
 * submitted, a value as last committed. Belongs to the module's thread, but for {@link #countByType}.
 */
final class Rows {

    static final String COLLECTION = NodeMemory.COLLECTION;

    private static final Logger LOG = LoggerFactory.getLogger(Rows.class);
    private static final int PAGE = 100;

    private final DocumentStore store;
    private final Consumer<List<String>> changed;
    private final ConcurrentSkipListMap<String, Row.Head> heads = new ConcurrentSkipListMap<>();

    /** @param changed told the keys of rows that were written or deleted, once that is on disk, on the store's thread */
    Rows(DocumentStore store, Consumer<List<String>> changed) {
        this.store = store;
        this.changed = changed;
    }

    /** Reads all heads; a row that can't be read is left alone and not known. */
    void load() {
        heads.clear();
        String after = "";
        while (true) {
            List<Document> page = store.list(COLLECTION, "", after, PAGE);
            if (page.isEmpty()) {
                return;
            }
            page.forEach(this::know);
            after = page.get(page.size() - 1).key();
        }
    }

    private void know(Document document) {
        try {
            heads.put(
                    document.key(), Row.decode(document.key(), document.body()).head());
        } catch (EdgeException e) {
            LOG.warn("row cannot be read: key={} reason={}", document.key(), e.getMessage());
        }
    }

    /** What is known under a key. */
    Optional<Row.Head> head(String key) {
        return Optional.ofNullable(heads.get(key));
    }

    /** The name of this node, {@code ""} before it has stated how it is. */
    String node() {
        return heads.keySet().stream()
                .map(ResourcePath::parse)
                .flatMap(Optional::stream)
                .filter(path -> path.type().equals("nodepatch"))
                .map(ResourcePath::name)
                .findFirst()
                .orElse("");
    }

    /** The committed content under a key. */
    Optional<String> value(String key) {
        return store.get(COLLECTION, key)
                .map(document -> Row.decode(key, document.body()).value());
    }

    /** The committed contents of all rows of a type, in key order. */
    List<String> values(String type) {
        return heads.entrySet().stream()
                .filter(entry -> entry.getValue().type().equals(type))
                .map(entry -> value(entry.getKey()))
                .flatMap(Optional::stream)
                .toList();
    }

    /** Writes a row; any revision it has in the store is replaced. */
    CompletionStage<?> put(Row row) {
        heads.put(row.key(), row.head());
        return submit(List.of(Change.put(COLLECTION, row.key(), DocumentStore.ANY, row.encode())));
    }

    /** Deletes rows, those that are there. */
    CompletionStage<?> delete(List<String> keys) {
        List<Change> changes = new ArrayList<>();
        for (String key : keys) {
            heads.remove(key);
            changes.add(Change.delete(COLLECTION, key, DocumentStore.ANY));
        }
        return submit(changes);
    }

    /** Says that a row has changed which has not: another object that is kept in its place has. */
    void readAgain(String key) {
        changed.accept(List.of(key));
    }

    /** Ends after all that was submitted before, and writes nothing. */
    CompletionStage<?> flush() {
        return submit(List.of());
    }

    private CompletionStage<?> submit(List<Change> changes) {
        CompletionStage<?> write = store.submit(changes);
        if (!changes.isEmpty()) {
            write.thenRun(() -> changed.accept(changes.stream().map(Change::key).toList()));
        }
        return write;
    }

    /** Believes the store again about keys whose write failed. */
    void forget(List<String> keys) {
        for (String key : keys) {
            heads.remove(key);
            try {
                store.get(COLLECTION, key).ifPresent(this::know);
            } catch (EdgeException e) {
                LOG.debug("row is not known: key={} reason={}", key, e.getMessage());
            }
        }
    }

    /** Number of rows by type; any thread. */
    Map<String, Long> countByType() {
        return heads.values().stream()
                .map(Row.Head::type)
                .collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
    }

    /** Turns whatever a stage of the store failed with into what a peer is told. */
    static EdgeException failure(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        return cause instanceof EdgeException edge
                ? edge
                : new EdgeException(Reason.INTERNAL_ERROR, "cannot store: " + cause.getMessage(), cause);
    }
}
