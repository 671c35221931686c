package io.skep.bus.internal;

import io.skep.bus.internal.mail.StoredMail;
import io.skep.core.api.EdgeException;
import io.skep.core.api.store.DocumentStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Modules that others have uninstalled: what waits for one is kept for a while, for a successor of its name, and then
 * dropped. The same goes for what lies in the store for modules that have no mailbox in this process. Thread-safe.
 */
final class Departures {

    private static final Logger LOG = LoggerFactory.getLogger(Departures.class);

    private final InstantSource clock;
    private final Duration kept;
    private final Predicate<String> isAwaited;
    private final ToLongFunction<String> drop;
    private final Map<String, Instant> gone = new HashMap<>();
    private final Instant begin;
    private boolean leftoversSeen;

    /**
     * @param kept how long what waits is kept
     * @param isAwaited whether a module is there, or this role needs it
     * @param drop drops all there is of a module and says how many messages that were
     */
    Departures(InstantSource clock, Duration kept, Predicate<String> isAwaited, ToLongFunction<String> drop) {
        this.clock = clock;
        this.kept = kept;
        this.isAwaited = isAwaited;
        this.drop = drop;
        this.begin = clock.instant();
    }

    /** Notes that the bundle of a module was uninstalled. */
    synchronized void note(String module) {
        gone.put(module, clock.instant());
    }

    /** Drops what was kept long enough; to be called now and then. Blocks on the disk. */
    void look(Optional<DocumentStore> store) {
        due().forEach(this::dropped);
        if (store.isPresent() && leftoversAreDue()) {
            dropLeftovers(store.get());
        }
    }

    private synchronized List<String> due() {
        gone.keySet().removeIf(isAwaited);
        List<String> due = gone.entrySet().stream()
                .filter(module -> isOver(module.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(gone::remove);
        return due;
    }

    private boolean isOver(Instant since) {
        return !clock.instant().isBefore(since.plus(kept));
    }

    private synchronized boolean leftoversAreDue() {
        boolean due = !leftoversSeen && isOver(begin);
        leftoversSeen |= due;
        return due;
    }

    private void dropped(String module) {
        try {
            long messages = drop.applyAsLong(module);
            if (messages > 0) {
                LOG.warn("module is gone for good, what waited for it is lost: module={} count={}", module, messages);
            }
        } catch (EdgeException e) {
            LOG.warn("what waits for a module that is gone stays: module={} reason={}", module, e.getMessage());
        }
    }

    private void dropLeftovers(DocumentStore store) {
        try {
            StoredMail.modules(store).stream()
                    .filter(isAwaited.negate().and(module -> !hasGone(module)))
                    .forEach(this::dropped);
        } catch (EdgeException e) {
            LOG.warn("what waits for former modules is not looked at: reason={}", e.getMessage());
        }
    }

    private synchronized boolean hasGone(String module) {
        return gone.containsKey(module);
    }
}
