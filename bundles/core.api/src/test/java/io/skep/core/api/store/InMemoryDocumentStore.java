package io.skep.core.api.store;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A {@link DocumentStore} that behaves, without a disk. {@link #failWrites} makes it a full one, {@link #breakDown} a broken one. */
public final class InMemoryDocumentStore implements DocumentStore {

    private final TreeMap<String, Document> documents = new TreeMap<>();
    private boolean full;
    private String broken = "";

    /** Makes every write fail with {@code SERVICE_UNAVAILABLE}, or succeed again. */
    public synchronized void failWrites(boolean value) {
        full = value;
    }

    /** Makes every write fail, and the status say why. */
    public synchronized void breakDown(String why) {
        full = true;
        broken = why;
    }

    @Override
    public synchronized Optional<Document> get(String collection, String key) {
        return Optional.ofNullable(documents.get(id(collection, key)));
    }

    @Override
    public synchronized List<Document> list(String collection, String prefix, String after, int limit) {
        return documents.tailMap(id(collection, prefix)).values().stream()
                .takeWhile(d -> d.collection().equals(collection) && d.key().startsWith(prefix))
                .filter(d -> after.isEmpty() || d.key().compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized long count(String collection, String prefix) {
        return list(collection, prefix).size();
    }

    @Override
    public synchronized List<Document> write(List<Change> changes) {
        if (full) {
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "cannot write: disk full");
        }
        TreeMap<String, Document> next = new TreeMap<>(documents);
        List<Document> puts = new ArrayList<>();
        for (Change change : changes) {
            apply(next, change).ifPresent(puts::add);
        }
        documents.clear();
        documents.putAll(next);
        return puts;
    }

    private static Optional<Document> apply(TreeMap<String, Document> next, Change change) {
        check(change);
        String id = id(change.collection(), change.key());
        Document old = next.get(id);
        long revision = old == null ? ABSENT : old.revision();
        boolean goneAnyway = change.body().isEmpty() && old == null;
        if (change.expected() != ANY && change.expected() != revision && !goneAnyway) {
            throw new EdgeException(
                    Reason.CONFLICT,
                    change.collection() + "/" + change.key() + " is at revision " + revision + ", not "
                            + change.expected());
        }
        if (change.body().isEmpty()) {
            next.remove(id);
            return Optional.empty();
        }
        Document document = new Document(
                change.collection(), change.key(), revision + 1, change.body().get());
        next.put(id, document);
        return Optional.of(document);
    }

    private static void check(Change change) {
        boolean fits = change.collection().length() <= MAX_COLLECTION
                && change.key().length() <= MAX_KEY
                && change.key().indexOf(0) < 0
                && change.body().orElse("").getBytes(StandardCharsets.UTF_8).length <= MAX_BODY_BYTES;
        if (!fits) {
            throw new EdgeException(Reason.INVALID, "beyond the limits: " + change.collection() + "/" + change.key());
        }
    }

    @Override
    public CompletionStage<List<Document>> submit(List<Change> changes) {
        try {
            return CompletableFuture.completedStage(write(changes));
        } catch (EdgeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public synchronized StoreStatus status() {
        if (!broken.isEmpty()) {
            return new StoreStatus(false, StoreStatus.FAILED, broken, Optional.empty());
        }
        return full
                ? new StoreStatus(false, "DiskFull", "cannot write: disk full", Optional.empty())
                : new StoreStatus(true, "Ready", "", Optional.empty());
    }

    private static String id(String collection, String key) {
        return collection + "\u0000" + key;
    }
}
