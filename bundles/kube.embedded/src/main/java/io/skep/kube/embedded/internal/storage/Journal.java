package io.skep.kube.embedded.internal.storage;

import io.skep.core.api.EdgeException;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * All objects, in memory and on disk, and the one counter that orders their writes.
 *
 * <p>A write is checked against the newest state there is, on disk or on its way, gets its version, and is handed to the
 * document store without waiting, so that writers share disk flushes. Readers and watchers see it only once it is on
 * disk, always in order of versions. When a write fails, those that were built on it fail too, by the documents'
 * revisions. The counter is part of each write: versions never repeat, whatever happens.
 *
 * <p>Thread-safe; the lock is never held while waiting. Two calls go out under it, because they carry the order: the
 * document store's {@code submit}, which does not wait, and the tap, which may only queue.
 */
public final class Journal {

    /** Collection of the objects. */
    public static final String OBJECTS = "kube";

    private static final String COUNTER = "kube.version";
    private static final String COUNTER_KEY = "resourceVersion";

    private final DocumentStore store;
    private final int historyPerKind;
    private final Object lock = new Object();
    private final Map<String, Table> tables = new HashMap<>();
    private final Map<String, History> histories = new HashMap<>();
    private final Map<String, Pending> newest = new HashMap<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private final Tap tap;
    private long assigned;
    private long published;
    private final long loaded;

    /** Takes changes as they become visible. */
    @FunctionalInterface
    public interface Tap {
        void published(Change change);
    }

    /** Decides, under the journal's lock, whether a write may go on; throws if not. */
    @FunctionalInterface
    public interface Guard {
        void check(Newest newest);
    }

    /** What a guard may look at: the newest states, on disk or on their way. */
    public interface Newest {
        boolean exists(ObjectKey key);

        /** Whether a namespace holds any object. */
        boolean holdsAny(String namespace);
    }

    /** The write was overtaken: the object is not at the version it was built on. */
    public static final class Overtaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Overtaken(ObjectKey key) {
            super(key + " has another version", null, false, false);
        }
    }

    /**
     * Reads everything there is.
     *
     * @param historyPerKind changes kept of each kind for watches that resume
     */
    public Journal(DocumentStore store, List<ResourceKind> kinds, int historyPerKind, Tap tap) {
        this.store = store;
        this.historyPerKind = historyPerKind;
        this.tap = tap;
        Map<String, ResourceKind> byPath = new HashMap<>();
        kinds.forEach(kind -> byPath.put(path(kind), kind));
        long highest = store.get(COUNTER, COUNTER_KEY)
                .map(d -> Long.parseLong(d.body()))
                .orElse(0L);
        for (Document document : store.list(OBJECTS, "")) {
            highest = Math.max(highest, load(document, byPath));
        }
        assigned = highest;
        published = highest;
        loaded = highest;
    }

    private long load(Document document, Map<String, ResourceKind> kinds) {
        String[] parts = document.key().split("/", 4);
        ResourceKind kind = kinds.get(parts[0] + "/" + parts[1]);
        if (kind == null) {
            return 0;
        }
        ObjectKey key = new ObjectKey(kind, parts[2], parts[3]);
        long version = Draft.versionOf(document.body());
        table(kind).put(new Stored(key, version, document.revision(), document.body()));
        return version;
    }

    /** The state readers see. */
    public Optional<Stored> visible(ObjectKey key) {
        synchronized (lock) {
            return table(key.kind()).get(key);
        }
    }

    /** The newest state, on disk or on its way; what a write must be built on. */
    public Optional<Stored> newest(ObjectKey key) {
        synchronized (lock) {
            return newestLocked(key);
        }
    }

    private Optional<Stored> newestLocked(ObjectKey key) {
        Pending write = newest.get(id(key));
        return write == null ? table(key.kind()).get(key) : write.change.after();
    }

    /** All objects of a kind, or of one namespace of it, as they are visible now. */
    public Snapshot snapshot(ResourceKind kind, String namespace) {
        synchronized (lock) {
            return new Snapshot(published, table(kind).list(namespace));
        }
    }

    /** The version of the last visible write. */
    public long version() {
        synchronized (lock) {
            return published;
        }
    }

    /** How many objects of a kind there are. */
    public int count(ResourceKind kind) {
        synchronized (lock) {
            return table(kind).size();
        }
    }

    /**
     * Writes one object.
     *
     * @param base the state the write was built on, empty to create
     * @param draft the new state, empty to remove
     * @return completes with the change once it is on disk and visible; with an {@link EdgeException} if it can't be
     * @throws Overtaken when {@code base} is not the newest state
     */
    public CompletableFuture<Change> write(ObjectKey key, Optional<Stored> base, Optional<Draft> draft, Guard guard) {
        Pending write;
        CompletionStage<List<Document>> stage;
        synchronized (lock) {
            guard.check(view);
            if (!newestLocked(key).equals(base)) {
                throw new Overtaken(key);
            }
            long version = ++assigned;
            long revision = base.map(Stored::revision).orElse(DocumentStore.ABSENT);
            Optional<Stored> after = draft.map(d -> new Stored(key, version, revision + 1, d.at(version)));
            write = new Pending(new Change(key, version, base, after));
            newest.put(id(key), write);
            pending.add(write);
            stage = submit(List.of(
                    new io.skep.core.api.store.Change(OBJECTS, id(key), revision, after.map(Stored::text)),
                    io.skep.core.api.store.Change.put(
                            COUNTER, COUNTER_KEY, DocumentStore.ANY, Long.toString(version))));
        }
        stage.whenComplete((documents, failure) -> settle(write, failure));
        return write.outcome;
    }

    /** A write that has its version must be settled one way or the other, or those behind it wait for ever. */
    private CompletionStage<List<Document>> submit(List<io.skep.core.api.store.Change> changes) {
        try {
            return store.submit(changes);
        } catch (EdgeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private final Newest view = new Newest() {
        @Override
        public boolean exists(ObjectKey key) {
            return newestLocked(key).isPresent();
        }

        @Override
        public boolean holdsAny(String namespace) {
            return pending.stream()
                            .anyMatch(p -> p.change.after().isPresent()
                                    && p.change.key().namespace().equals(namespace))
                    || tables.values().stream().anyMatch(t -> t.holdsAny(namespace));
        }
    };

    private void settle(Pending write, Throwable failure) {
        List<Pending> ended = new ArrayList<>();
        synchronized (lock) {
            write.settle(failure);
            while (!pending.isEmpty() && pending.peek().isSettled()) {
                Pending next = pending.remove();
                newest.remove(id(next.change.key()), next);
                if (next.isStored()) {
                    publish(next.change);
                }
                ended.add(next);
            }
        }
        ended.forEach(Pending::tell);
    }

    private void publish(Change change) {
        ResourceKind kind = change.key().kind();
        table(kind).apply(change);
        published = change.version();
        history(kind).add(change);
        tap.published(change);
    }

    /**
     * Runs {@code joining} at a moment between two changes, with every change since {@code version}.
     *
     * @param version where to resume
     * @return false when the history does not reach back, or {@code version} was never given: nothing was run
     */
    public boolean resume(ResourceKind kind, long version, Consumer<List<Change>> joining) {
        synchronized (lock) {
            History history = history(kind);
            if (version < history.floor() || version > published) {
                return false;
            }
            joining.accept(history.since(version));
            return true;
        }
    }

    /** Runs {@code joining} at a moment between two changes, with everything there is. */
    public void join(ResourceKind kind, String namespace, Consumer<Snapshot> joining) {
        synchronized (lock) {
            joining.accept(new Snapshot(published, table(kind).list(namespace)));
        }
    }

    /** The oldest version a watch of this kind may resume from. */
    public long oldest(ResourceKind kind) {
        synchronized (lock) {
            return history(kind).floor();
        }
    }

    private Table table(ResourceKind kind) {
        return tables.computeIfAbsent(path(kind), p -> new Table());
    }

    private History history(ResourceKind kind) {
        return histories.computeIfAbsent(path(kind), p -> new History(historyPerKind, loaded));
    }

    private static String path(ResourceKind kind) {
        return kind.group() + "/" + kind.plural();
    }

    private static String id(ObjectKey key) {
        return path(key.kind()) + "/" + Table.row(key);
    }
}
