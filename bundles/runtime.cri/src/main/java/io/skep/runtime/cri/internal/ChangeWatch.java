package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerEvent.Type;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.PodRuntime.Subscription;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of changes: what our own calls did, what the engine's events say, and what a listing shows that neither told. All
 * of it happens on one thread, {@code edge-cri-events}, which begins with the first listener and ends with {@link #close}.
 */
final class ChangeWatch implements AutoCloseable, EventSource.Hearer {

    private static final Logger LOG = LoggerFactory.getLogger(ChangeWatch.class);
    private static final Duration REPAIR = Duration.ofSeconds(30);
    private static final Duration RECONNECT = Duration.ofMillis(250);
    private static final Duration SETTLE = Duration.ofMillis(250);

    /** An engine's state follows its events within milliseconds; after a second a listing is the better way. */
    private static final int MOST_LOOKS = 9;

    private final Pulse pulse;
    private final Listings listings;
    private final EventSource source;
    private final Duration relist;
    private final List<Consumer<ContainerEvent>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> infoListeners = new CopyOnWriteArrayList<>();
    private final Set<String> ending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean begun = new AtomicBoolean();
    private final ScheduledThreadPoolExecutor thread;
    private final Known known = new Known();
    private Instant since = Instant.EPOCH;
    private boolean seeded;
    private boolean away;
    // Whoever heard of an end must hear of the return, even of one that came before we looked.
    private boolean owed;
    private boolean listing;
    private boolean relisting;

    ChangeWatch(Engine engine, Pulse pulse, Listings listings, Duration relist) {
        this.pulse = pulse;
        this.listings = listings;
        this.relist = relist;
        this.source = new EventSource(engine, this);
        this.thread = new ScheduledThreadPoolExecutor(1, task -> {
            Thread made = new Thread(task, "edge-cri-events");
            made.setDaemon(true);
            return made;
        });
    }

    Subscription subscribe(Consumer<ContainerEvent> listener) {
        listeners.add(listener);
        if (begun.compareAndSet(false, true)) {
            Instant now = Instant.now();
            run(Duration.ZERO, () -> {
                since = now;
                pulse.begin(() -> run(Duration.ZERO, this::list));
                source.open();
                list();
                run(REPAIR, this::listAgain);
            });
        }
        return () -> listeners.remove(listener);
    }

    /** Tells when the engine goes away or is back; it is watched once there is a listener for its changes too. */
    Subscription subscribeInfo(Runnable listener) {
        infoListeners.add(listener);
        return () -> infoListeners.remove(listener);
    }

    /** Our own call made this, or found it come so far. */
    void made(String id, String sandboxId, String podUid, Type stage) {
        run(
                Duration.ZERO,
                () -> known.began(id, sandboxId, podUid, stage, Instant.now()).forEach(this::tell));
    }

    @Override
    public void happened(String id, Type type) {
        run(Duration.ZERO, () -> {
            if (known.has(id)) {
                known.reached(id, type, Instant.now()).forEach(this::tell);
            } else if (type != Type.DELETED) {
                listSoon();
            }
        });
    }

    /** A call of our own that ends something. */
    @FunctionalInterface
    interface Ending {
        void run() throws ContainerException;
    }

    /**
     * Makes a call that has come to {@code stage} with all of {@code ids} when it returns: that tells it, sooner and for less
     * than asking the engine again and again while it is at it.
     */
    void ending(List<String> ids, Type stage, Ending call) throws ContainerException {
        boolean done = false;
        ending.addAll(ids);
        try {
            call.run();
            done = true;
        } finally {
            for (String id : ids) {
                ending.remove(id);
                if (done) {
                    happened(id, stage);
                } else {
                    look(id);
                }
            }
        }
    }

    @Override
    public void look(String id) {
        run(Duration.ZERO, () -> look(id, 0));
    }

    @Override
    public void broken(EventSource which, Throwable why) {
        run(Duration.ZERO, () -> {
            boolean unknown = Failures.unimplemented(why);
            source.next(why);
            if (unknown && source.serves()) {
                source.open();
                run(SETTLE, this::list);
            } else if (unknown && !relisting) {
                relist();
            } else if (!unknown) {
                LOG.debug("events broke off: reason={}", why.getMessage());
                owed = true;
                infoListeners.forEach(Runnable::run);
                run(RECONNECT, this::reconnect);
            }
        });
    }

    @Override
    public void close() {
        listeners.clear();
        infoListeners.clear();
        thread.shutdownNow();
        source.close();
    }

    private void reconnect() {
        source.reset();
        source.open();
        list();
        // Once more when it surely listens: what happened between the listing and that is not lost either
        run(SETTLE, this::list);
    }

    private void listAgain() {
        list();
        run(REPAIR, this::listAgain);
    }

    /** As long as the engine serves no events. */
    private void relist() {
        relisting = !source.serves();
        if (relisting) {
            list();
            run(relist, this::relist);
        }
    }

    private void listSoon() {
        if (!listing) {
            listing = true;
            run(SETTLE, this::list);
        }
    }

    private void list() {
        listing = false;
        try {
            Instant now = Instant.now();
            List<Listings.Seen> all = listings.all();
            for (Listings.Seen seen : all) {
                boolean old = !seeded && seen.created().isBefore(since);
                if (old) {
                    // It may have ended since whoever listens now looked, so an end is told, even one he knows.
                    Type began = seen.stage().compareTo(Type.STOPPED) < 0 ? seen.stage() : Type.STARTED;
                    known.take(seen.id(), seen.sandboxId(), seen.podUid(), began);
                    known.reached(seen.id(), seen.stage(), now).forEach(this::tell);
                } else {
                    known.began(seen.id(), seen.sandboxId(), seen.podUid(), seen.stage(), now)
                            .forEach(this::tell);
                }
            }
            seeded = true;
            List<String> there = all.stream().map(Listings.Seen::id).toList();
            known.ids().stream().filter(id -> !there.contains(id)).forEach(id -> look(id, MOST_LOOKS));
            if (away) {
                LOG.info("container engine is back: things={}", all.size());
                listenAnew();
            }
            if (away || owed) {
                away = false;
                owed = false;
                infoListeners.forEach(Runnable::run);
            }
        } catch (ContainerException e) {
            if (!away) {
                away = true;
                LOG.warn("container engine does not answer, its containers run on: reason={}", e.getMessage());
                infoListeners.forEach(Runnable::run);
            }
            // One that answers again may still refuse to list, and nothing tells when it no longer does.
            listSoon();
        }
    }

    /** What serves no events may have been replaced by what does; a stream that broke off is opened again by itself. */
    private void listenAnew() {
        if (!source.serves()) {
            source.reset();
            source.open();
        }
    }

    private void look(String id, int looks) {
        if (ending.contains(id)) {
            return;
        }
        if (!known.has(id)) {
            listSoon();
            return;
        }
        try {
            Type stage = listings.stage(id, known.isSandbox(id));
            known.reached(id, stage, Instant.now()).forEach(this::tell);
            if (!known.ended(id) && looks < MOST_LOOKS) {
                run(Duration.ofMillis(4L << looks), () -> look(id, looks + 1));
            }
        } catch (ContainerException e) {
            LOG.debug("no look at what changed: container={} reason={}", id, e.getMessage());
        }
    }

    private void tell(ContainerEvent event) {
        for (Consumer<ContainerEvent> listener : listeners) {
            try {
                listener.accept(event);
            } catch (RuntimeException e) {
                LOG.warn("listener failed: event={}", event, e);
            }
        }
    }

    private void run(Duration after, Runnable what) {
        if (!begun.get()) {
            return;
        }
        try {
            thread.schedule(() -> guarded(what), after.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("change after the end");
        }
    }

    /** A scheduled task that throws would do so unheard. */
    private void guarded(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            if (thread.isShutdown()) {
                LOG.debug("interrupted at the end: reason={}", e.getMessage());
            } else {
                LOG.error("watching the engine failed", e);
            }
        }
    }
}
