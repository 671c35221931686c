package io.skep.kube.api;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A watcher that remembers what it is told, for a test to wait on. */
public final class RecordingWatcher implements ResourceStore.Watcher {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final BlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Status> ends = new LinkedBlockingQueue<>();

    @Override
    public void event(WatchEvent event) {
        events.add(event);
    }

    @Override
    public void closed(Status why) {
        ends.add(why);
    }

    /** The next event; fails when none comes. */
    public WatchEvent next() {
        return take(events, "no event came");
    }

    /** The next event as {@code ADDED web}, which most tests care about. */
    public String nextLine() {
        WatchEvent event = next();
        return event.type() + " " + event.object().name();
    }

    /** Why the watch ended; fails when it does not. */
    public Status end() {
        return take(ends, "the watch did not end");
    }

    /** Whether nothing waits to be taken. */
    public boolean isQuiet() {
        return events.isEmpty();
    }

    private static <T> T take(BlockingQueue<T> queue, String otherwise) {
        try {
            T taken = queue.poll(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            if (taken == null) {
                throw new AssertionError(otherwise + " within " + LIMIT);
            }
            return taken;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
