package io.skep.bus.internal.host;

import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.module.ModuleRegistry.State;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports a module's slow call and deep queue, each once an episode. Belongs to the one thread that looks now and then. */
final class SlotWatch {

    private static final Logger LOG = LoggerFactory.getLogger(SlotWatch.class);

    private final Mailbox mailbox;
    private final Duration slow;
    private long reportedSlow;
    private boolean reportedDeep;

    /** @param slow how long a call may take unreported */
    SlotWatch(Mailbox mailbox, Duration slow) {
        this.mailbox = mailbox;
        this.slow = slow;
    }

    /**
     * Looks at a call that is going on.
     *
     * @param nanos now, as {@link System#nanoTime}
     */
    void look(Optional<ModuleCalls.InWork> work, long nanos) {
        work.filter(w -> nanos - w.sinceNanos() > slow.toNanos())
                .filter(w -> w.sinceNanos() != reportedSlow)
                .ifPresent(w -> {
                    reportedSlow = w.sinceNanos();
                    LOG.warn(
                            "module is slow: module={} in={} seconds={}",
                            mailbox.module(),
                            w.what(),
                            TimeUnit.NANOSECONDS.toSeconds(nanos - w.sinceNanos()));
                });
    }

    /**
     * Looks at the queue.
     *
     * @param deep messages from which on it counts as deep
     */
    void look(State state, int deep) {
        Mailbox.Figures figures = mailbox.figures();
        boolean isDeep = figures.queued() >= deep || figures.spilled() > 0;
        if (isDeep && !reportedDeep) {
            LOG.warn(
                    "mailbox is deep: module={} state={} queued={} spilled={} refused={}",
                    mailbox.module(),
                    state,
                    figures.queued(),
                    figures.spilled(),
                    figures.refused());
        }
        // Half way down the episode is over; less would report a queue that swings around the mark again and again.
        reportedDeep = isDeep || reportedDeep && figures.queued() > deep / 2;
    }
}
