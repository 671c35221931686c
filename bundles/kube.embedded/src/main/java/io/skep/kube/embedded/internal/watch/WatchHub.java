package io.skep.kube.embedded.internal.watch;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.storage.Change;
import io.skep.kube.embedded.internal.storage.Journal;
import io.skep.kube.embedded.internal.storage.ParsedCache;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All watches. Makes two threads, {@code edge-kube-watch-1} and {@code -2}, which deliver events; {@link #close} stops
 * them. A writer never waits for a watcher.
 */
public final class WatchHub implements Journal.Tap, AutoCloseable {

    private static final int THREADS = 2;
    private static final Duration BOOKMARK_PERIOD = Duration.ofSeconds(60);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private final Map<ResourceKind, Set<WatchSession>> sessions = new ConcurrentHashMap<>();
    private final ParsedCache cache;
    private final int queueCapacity;
    private final ScheduledThreadPoolExecutor threads;
    private volatile long version;

    /** @param queueCapacity changes that may wait for one watcher before it is cut off */
    public WatchHub(ParsedCache cache, int queueCapacity) {
        this.cache = cache;
        this.queueCapacity = queueCapacity;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ScheduledThreadPoolExecutor(THREADS, task -> {
            Thread thread = new Thread(task, "edge-kube-watch-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        threads.setRemoveOnCancelPolicy(true);
    }

    /** Begins to deliver; until then there are no threads. */
    public void start() {
        threads.scheduleWithFixedDelay(
                this::bookmarks, BOOKMARK_PERIOD.toMillis(), BOOKMARK_PERIOD.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void published(Change change) {
        sessions.getOrDefault(change.key().kind(), Set.of()).forEach(session -> session.offer(change));
        version = change.version();
    }

    /** Begins a watch as {@link ResourceStore#watch} says. */
    public ResourceStore.Watch watch(
            Journal journal, ResourceKind kind, String namespace, ListOptions options, ResourceStore.Watcher watcher) {
        Selection selection = Selection.of(kind, namespace, options, cache);
        WatchSession session =
                new WatchSession(this, kind, selection, cache, watcher, queueCapacity, options.bookmarks());
        String from = options.resourceVersion();
        if (from.isEmpty() || "0".equals(from)) {
            journal.join(kind, namespace, snapshot -> {
                add(session);
                session.begin(snapshot.version(), snapshot.items(), List.of());
            });
            return session;
        }
        long since = version(from);
        boolean resumed = journal.resume(kind, since, changes -> {
            add(session);
            session.begin(since, List.of(), changes);
        });
        if (!resumed) {
            throw new KubeException(Status.of(
                    Status.EXPIRED, 410, "too old resource version: " + since + " (" + journal.oldest(kind) + ")"));
        }
        return session;
    }

    private static long version(String text) {
        try {
            return Long.parseUnsignedLong(text);
        } catch (NumberFormatException e) {
            throw new KubeException(
                    Status.of(
                            Status.BAD_REQUEST,
                            400,
                            "resourceVersion: Invalid value: \"" + text + "\": strconv.ParseUint: parsing \"" + text
                                    + "\": invalid syntax"),
                    e);
        }
    }

    /** How many watches there are. */
    public int size() {
        return sessions.values().stream().mapToInt(Set::size).sum();
    }

    private void add(WatchSession session) {
        sessions.computeIfAbsent(session.kind(), k -> ConcurrentHashMap.newKeySet())
                .add(session);
    }

    void remove(WatchSession session) {
        sessions.getOrDefault(session.kind(), Set.of()).remove(session);
    }

    void execute(Runnable task) {
        try {
            threads.execute(task);
        } catch (RejectedExecutionException e) {
            // Closing: the watchers have been told.
        }
    }

    private void bookmarks() {
        long now = version;
        if (now > 0) {
            sessions.values().forEach(all -> all.forEach(session -> session.bookmark(now)));
        }
    }

    @Override
    public void close() {
        Status away = Status.of(Status.SERVICE_UNAVAILABLE, 503, "the API is going away");
        sessions.values().forEach(all -> all.forEach(session -> session.end(away)));
        threads.shutdown();
        try {
            if (!threads.awaitTermination(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
