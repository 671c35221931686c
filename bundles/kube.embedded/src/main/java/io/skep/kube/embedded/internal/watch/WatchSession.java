package io.skep.kube.embedded.internal.watch;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.WatchEvent;
import io.skep.kube.embedded.internal.storage.Change;
import io.skep.kube.embedded.internal.storage.ParsedCache;
import io.skep.kube.embedded.internal.storage.Stored;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One watcher's queue. Changes are offered under the journal's lock, which costs no more than the queueing; they are
 * turned into events and delivered on one of the hub's threads, one at a time.
 */
final class WatchSession implements ResourceStore.Watch {

    private static final Logger LOG = LoggerFactory.getLogger(WatchSession.class);

    /** Events delivered before another watcher gets its turn. */
    private static final int TURN = 128;

    /** Text that may wait for one watcher. */
    private static final long MOST_CHARS = 16L << 20;

    private final WatchHub hub;
    private final ResourceKind kind;
    private final Selection selection;
    private final ParsedCache cache;
    private final ResourceStore.Watcher watcher;
    private final int capacity;
    private final boolean bookmarks;

    private final ArrayDeque<Stored> present = new ArrayDeque<>();
    private final ArrayDeque<Change> queue = new ArrayDeque<>();
    private long queuedChars;
    private boolean scheduled;
    private boolean closed;
    private Optional<Status> end = Optional.empty();
    private long delivered;
    private long bookmark;

    WatchSession(
            WatchHub hub,
            ResourceKind kind,
            Selection selection,
            ParsedCache cache,
            ResourceStore.Watcher watcher,
            int capacity,
            boolean bookmarks) {
        this.hub = hub;
        this.kind = kind;
        this.selection = selection;
        this.cache = cache;
        this.watcher = watcher;
        this.capacity = capacity;
        this.bookmarks = bookmarks;
    }

    ResourceKind kind() {
        return kind;
    }

    /** Where the watch begins: with these objects, or with changes already past. Neither counts against the bound. */
    synchronized void begin(long version, Collection<Stored> objects, List<Change> changes) {
        delivered = version;
        present.addAll(objects);
        queue.addAll(changes);
        queuedChars = changes.stream().mapToLong(Change::chars).sum();
        schedule();
    }

    synchronized void offer(Change change) {
        if (closed || end.isPresent() || excluded(change)) {
            return;
        }
        if (queue.size() >= capacity || queuedChars > MOST_CHARS) {
            String waiting = queue.size() + " events of " + queuedChars + " characters wait";
            queue.clear();
            present.clear();
            end(Status.of(Status.EXPIRED, 410, "the watcher is too slow: " + waiting));
            return;
        }
        queue.add(change);
        queuedChars += change.chars();
        schedule();
    }

    private boolean excluded(Change change) {
        return change.before().or(change::after).map(selection::excludes).orElse(true);
    }

    /** Ends the watch from this side. */
    synchronized void end(Status why) {
        if (!closed && end.isEmpty()) {
            end = Optional.of(why);
            schedule();
        }
    }

    /** Asks for a bookmark once everything before it is delivered. */
    synchronized void bookmark(long version) {
        if (bookmarks && !closed) {
            bookmark = version;
            schedule();
        }
    }

    private void schedule() {
        if (!scheduled) {
            scheduled = true;
            hub.execute(this::turn);
        }
    }

    private void turn() {
        try {
            for (int i = 0; i < TURN; i++) {
                if (!deliverNext()) {
                    return;
                }
            }
            hub.execute(this::turn);
        } catch (RuntimeException e) {
            LOG.warn("watcher failed, watch closed: kind={}", kind.kind(), e);
            close();
        }
    }

    /** Returns false when there is nothing left to do for now. */
    private boolean deliverNext() {
        Optional<WatchEvent> event;
        Stored object = null;
        Change change = null;
        long mark = 0;
        synchronized (this) {
            if (closed) {
                scheduled = false;
                return false;
            }
            object = present.poll();
            change = object == null ? queue.poll() : null;
            queuedChars -= change == null ? 0 : change.chars();
            if (object == null && change == null) {
                if (end.isPresent()) {
                    closed = true;
                } else if (bookmark == 0) {
                    scheduled = false;
                    return false;
                }
                mark = Math.max(bookmark, delivered);
                bookmark = 0;
            }
        }
        if (object != null) {
            event = selection.includes(object) ? event(WatchEvent.Type.ADDED, cache.parse(object)) : Optional.empty();
        } else if (change != null) {
            delivered = change.version();
            event = eventOf(change);
        } else if (end.isPresent()) {
            hub.remove(this);
            watcher.closed(end.get());
            return false;
        } else {
            event = event(WatchEvent.Type.BOOKMARK, bookmarkAt(mark));
        }
        event.ifPresent(watcher::event);
        return true;
    }

    /** What stops matching is deleted to this watcher; it is shown as it last matched, at the version of the change. */
    private Optional<WatchEvent> eventOf(Change change) {
        Optional<Stored> before = change.before().filter(selection::includes);
        Optional<Stored> after = change.after().filter(selection::includes);
        if (after.isPresent()) {
            return event(
                    before.isPresent() ? WatchEvent.Type.MODIFIED : WatchEvent.Type.ADDED, cache.parse(after.get()));
        }
        return before.flatMap(last -> event(
                WatchEvent.Type.DELETED,
                cache.parse(last).with(Long.toString(change.version()), "metadata", "resourceVersion")));
    }

    private static Optional<WatchEvent> event(WatchEvent.Type type, KubeObject object) {
        return Optional.of(new WatchEvent(type, object));
    }

    private KubeObject bookmarkAt(long version) {
        return KubeObject.of(Map.of(
                "kind", kind.kind(),
                "apiVersion", kind.apiVersion(),
                "metadata", Map.of("resourceVersion", Long.toString(version))));
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            queue.clear();
            present.clear();
        }
        hub.remove(this);
    }
}
