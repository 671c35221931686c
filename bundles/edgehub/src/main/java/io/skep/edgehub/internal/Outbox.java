package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.store.DocumentStore;
import io.skep.edgehub.internal.OutboxEntry.State;
import io.skep.edgehub.internal.OutboxFigures.Loss;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cloud must get, kept in the store until it has it. A message is stored first and sent when that is on disk; at
 * most {@link OutboxWindow#SIZE} are on their way at a time; what is not answered in time, or was on its way when the link
 * broke, is sent again under the same id. A newer state of an object goes when the older one on its way is answered. All fields
 * belong to the module's thread.
 */
final class Outbox {

    static final String COLLECTION = "outbox";

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    /** Bodies up to so many entries stay in memory too; further ones are read back when their turn comes. */
    private static final int MAX_IN_MEMORY = 256;

    /** So often a message is sent before the cloud's refusals are believed. */
    private static final int MAX_ATTEMPTS = 12;

    private final OutboxRows rows;
    private final LastWords lastWords;
    private final ModuleContext context;
    private final Map<OutboxClass, Integer> quotas;
    private final OutboxFigures figures;

    private final OutboxEntries entries;
    private final OutboxWindow window;
    private Uplink uplink;
    private boolean acknowledged;
    private boolean overflowing;

    Outbox(
            DocumentStore store,
            ModuleContext context,
            Map<OutboxClass, Integer> quotas,
            Duration timeout,
            OutboxFigures figures) {
        this.rows = new OutboxRows(store);
        this.lastWords = new LastWords(context);
        this.context = context;
        this.quotas = quotas;
        this.figures = figures;
        this.entries = new OutboxEntries(figures);
        this.window = new OutboxWindow(entries, context, timeout);
    }

    /**
     * Reads what an earlier process or predecessor left.
     *
     * @param waiting by key, what a predecessor had written to the link that lives on: the answers are still to come
     */
    void load(Map<String, String> waiting) {
        rows.forEach((key, message) -> restore(key, message, waiting.getOrDefault(key, "")));
    }

    private void restore(String key, Message message, String waiting) {
        OutboxEntry entry = new OutboxEntry(key, OutboxClass.of(message), message.id());
        entry.state = State.READY;
        entries.restore(entry);
        if (!waiting.isEmpty()) {
            window.resume(entry, waiting);
        }
    }

    /** Keeps {@code message} and sends it as soon as it is on disk and there is a link. */
    void put(Message message, OutboxClass kind) {
        OutboxEntry entry = kind == OutboxClass.STATUS
                ? statusEntry(message)
                : entries.add(new OutboxEntry(entries.nextKey(kind), kind, message.id()));
        entry.message = entries.size() <= MAX_IN_MEMORY ? message : null;
        entry.state = State.STORING;
        String id = entry.id;
        rows.put(entry.key, message)
                .whenComplete((documents, failure) -> context.execute(() -> stored(entry, id, message, failure)));
        enforceQuota(kind);
    }

    private OutboxEntry statusEntry(Message message) {
        String key = OutboxEntries.statusKey(message.route().resource());
        OutboxEntry entry = entries.get(key).orElse(null);
        if (entry == null) {
            return entries.add(new OutboxEntry(key, OutboxClass.STATUS, message.id()));
        }
        String older = entry.id;
        entries.renew(entry, message.id());
        if (entry.isUnderway()) {
            window.letAhead(entry, older);
        }
        figures.coalesced();
        return entry;
    }

    private void stored(OutboxEntry entry, String id, Message message, Throwable failure) {
        rows.written(failure);
        if (!entry.id.equals(id) || entry.state != State.STORING) {
            return;
        }
        if (failure != null) {
            entry.message = message;
        }
        entry.state = State.READY;
        pump();
    }

    /** The oldest of a class that is too full goes; a state is bounded by the number of objects and has no quota. */
    private void enforceQuota(OutboxClass kind) {
        Integer quota = quotas.get(kind);
        if (quota == null || figures.kept(kind) <= quota) {
            return;
        }
        entries.oldest(kind).ifPresent(entry -> giveUp(entry, Loss.QUOTA));
        if (!overflowing) {
            overflowing = true;
            LOG.warn("outbox is full, the oldest is dropped: class={} quota={}", kind.word(), quota);
        }
    }

    /**
     * There is a link.
     *
     * @param answersAll whether the peer answers every message, as our cloud does when asked
     */
    void connected(Uplink link, boolean answersAll) {
        uplink = link;
        acknowledged = answersAll;
        pump();
    }

    /** Runs {@code then} when no state of the object is on its way to the cloud any more, or has been for too long. */
    void afterState(String resource, Runnable then) {
        String key = OutboxEntries.statusKey(resource);
        if (uplink != null && entries.get(key).isPresent()) {
            lastWords.await(key, then);
        } else {
            then.run();
        }
    }

    /** The link is gone: what was on its way goes again. */
    void disconnected() {
        uplink = null;
        lastWords.all();
        window.clear();
    }

    private void pump() {
        if (uplink == null || window.room() == 0) {
            return;
        }
        Instant now = context.clock().instant();
        List<OutboxEntry> next = entries.all().stream()
                .filter(entry -> entry.isDue(now))
                .limit(window.room())
                .toList();
        next.forEach(this::send);
    }

    private void send(OutboxEntry entry) {
        Optional<Message> message = entry.message != null ? Optional.of(entry.message) : rows.read(entry.key);
        if (message.isEmpty()) {
            LOG.error("stored message is missing: key={}", entry.key);
            remove(entry);
            return;
        }
        if (entry.attempts++ > 0) {
            figures.repeated();
        }
        window.enter(entry);
        String id = entry.id;
        Uplink through = uplink;
        through.send(message.get())
                .whenComplete((nothing, failure) -> context.execute(() -> {
                    if (through != uplink) {
                        return;
                    }
                    if (entry.id.equals(id) && entry.state == State.WRITING) {
                        written(entry, failure);
                    } else if (failure != null && entry.ahead.equals(id)) {
                        window.followOn(entry);
                        pump();
                    }
                }));
    }

    private void written(OutboxEntry entry, Throwable failure) {
        if (failure instanceof EdgeException e && e.reason() == Reason.TOO_LARGE) {
            LOG.warn("message too large for the link, given up: key={}", entry.key);
            giveUp(entry, Loss.TOO_LARGE);
        } else if (failure != null) {
            window.leave(entry);
            entry.state = State.READY;
            entry.notBefore = context.clock().instant().plus(OutboxEntry.FULL_PAUSE);
            context.after(OutboxEntry.FULL_PAUSE, this::pump);
        } else if (entry.kind.answered() || acknowledged) {
            window.waitForAnswer(entry);
        } else {
            figures.delivered();
            remove(entry);
        }
        pump();
    }

    /** Takes the cloud's answer; false when it answers nothing that is kept here. */
    boolean answered(Message answer) {
        OutboxEntry entry = entries.answeredBy(answer.parentId()).orElse(null);
        if (entry == null) {
            return false;
        }
        if (entry.ahead.equals(answer.parentId())) {
            window.followOn(entry);
            pump();
            return true;
        }
        switch (Verdict.of(entry.kind, answer)) {
            case TAKEN -> {
                figures.delivered();
                remove(entry);
            }
            case REFUSED -> refused(entry, answer);
            case LATER -> {
                if (entry.attempts < MAX_ATTEMPTS) {
                    later(entry);
                } else {
                    refused(entry, answer);
                }
            }
        }
        pump();
        return true;
    }

    private void refused(OutboxEntry entry, Message answer) {
        LOG.debug("refused by the cloud: key={} answer={}", entry.key, answer.id());
        giveUp(entry, Loss.REFUSED);
    }

    private void later(OutboxEntry entry) {
        window.leave(entry);
        entry.state = State.READY;
        entry.postpone(context.clock().instant());
        context.after(entry.pause(), this::pump);
    }

    /** Sends again what was not answered in time; called every few seconds. */
    void tick() {
        window.expire();
        pump();
        overflowing &= entries.size() > OutboxWindow.SIZE;
    }

    private void giveUp(OutboxEntry entry, Loss why) {
        figures.lost(entry.kind, why);
        remove(entry);
    }

    private void remove(OutboxEntry entry) {
        window.leave(entry);
        entry.state = State.GONE;
        entries.remove(entry);
        rows.delete(entry.key);
        lastWords.left(entry.key);
    }

    /** For a successor: ids written to the link and not answered yet, by key. What waits for an answer goes now. */
    Map<String, String> waiting() {
        lastWords.all();
        return entries.all().stream()
                .filter(e -> e.state == State.WAITING || !e.ahead.isEmpty())
                .collect(Collectors.toMap(e -> e.key, e -> e.ahead.isEmpty() ? e.id : e.ahead));
    }
}
