package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import io.skep.edgehub.internal.OutboxEntry.State;
import io.skep.edgehub.internal.OutboxFigures.Loss;
import io.skep.transport.MessageCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cloud must get, kept in the store until it has it. A message is stored first and sent when that is on disk; at
 * most {@link #WINDOW} are on their way at a time; what is not answered in time, or was on its way when the link broke, is
 * sent again under the same id. All fields belong to the module's thread.
 */
final class Outbox {

    static final String COLLECTION = "outbox";
    static final int WINDOW = 32;

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int PAGE = 256;

    /** Bodies up to so many entries stay in memory too; further ones are read back when their turn comes. */
    private static final int MAX_IN_MEMORY = 256;

    /** So often a message is sent before the cloud's refusals are believed. */
    private static final int MAX_ATTEMPTS = 12;

    private static final String STATUS_PREFIX = "s/";

    /** Sends one message; the stage ends when it was written. */
    @FunctionalInterface
    interface Uplink {
        CompletionStage<Void> send(Message message);
    }

    private final DocumentStore store;
    private final ModuleContext context;
    private final Map<OutboxClass, Integer> quotas;
    private final Duration timeout;
    private final OutboxFigures figures;

    /** All entries in the order they shall go; a newer state takes the older one's place. */
    private final LinkedHashMap<String, OutboxEntry> entries = new LinkedHashMap<>();

    private final Map<String, OutboxEntry> byId = new HashMap<>();
    private long sequence;
    private int underway;
    private Uplink uplink;
    private boolean acknowledged;
    private boolean storeFailing;
    private boolean overflowing;

    Outbox(
            DocumentStore store,
            ModuleContext context,
            Map<OutboxClass, Integer> quotas,
            Duration timeout,
            OutboxFigures figures) {
        this.store = store;
        this.context = context;
        this.quotas = quotas;
        this.timeout = timeout;
        this.figures = figures;
    }

    /**
     * Reads what an earlier process or predecessor left.
     *
     * @param underwayIds ids a predecessor had written to the link that lives on: their answers are still to come
     */
    void load(Set<String> underwayIds) {
        String after = "";
        List<Document> page;
        do {
            page = store.list(COLLECTION, "", after, PAGE);
            for (Document document : page) {
                restore(document, underwayIds);
                after = document.key();
            }
        } while (page.size() == PAGE);
    }

    private void restore(Document document, Set<String> underwayIds) {
        try {
            Message message = MessageCodec.decode(document.body());
            OutboxEntry entry = new OutboxEntry(document.key(), OutboxClass.of(message), message.id());
            entry.state = State.READY;
            if (underwayIds.contains(message.id())) {
                waitForAnswer(entry);
                underway++;
            }
            add(entry);
            int slash = document.key().lastIndexOf('/');
            if (!document.key().startsWith(STATUS_PREFIX)) {
                sequence = Math.max(sequence, Long.parseLong(document.key().substring(slash + 1)));
            }
        } catch (EdgeException | NumberFormatException e) {
            LOG.warn("stored message unusable, left aside: key={} reason={}", document.key(), e.getMessage());
        }
    }

    private void add(OutboxEntry entry) {
        entries.put(entry.key, entry);
        byId.put(entry.id, entry);
        figures.kept(entry.kind, 1);
    }

    /** Keeps {@code message} and sends it as soon as it is on disk and there is a link. */
    void put(Message message, OutboxClass kind) {
        OutboxEntry entry = kind == OutboxClass.STATUS ? statusEntry(message) : newEntry(message, kind);
        entry.message = entries.size() <= MAX_IN_MEMORY ? message : null;
        entry.state = State.STORING;
        byId.put(entry.id, entry);
        String body = MessageCodec.encode(message);
        String id = entry.id;
        store.submit(List.of(Change.put(COLLECTION, entry.key, DocumentStore.ANY, body)))
                .whenComplete((documents, failure) -> context.execute(() -> stored(entry, id, message, failure)));
        enforceQuota(kind);
    }

    private OutboxEntry statusEntry(Message message) {
        String key = STATUS_PREFIX + message.route().resource();
        OutboxEntry old = entries.get(key);
        if (old == null) {
            return added(new OutboxEntry(key, OutboxClass.STATUS, message.id()));
        }
        leaveUnderway(old);
        byId.remove(old.id);
        old.id = message.id();
        old.attempts = 0;
        figures.coalesced();
        return old;
    }

    private OutboxEntry newEntry(Message message, OutboxClass kind) {
        String key = "q/%s/%019d".formatted(kind.word(), ++sequence);
        return added(new OutboxEntry(key, kind, message.id()));
    }

    private OutboxEntry added(OutboxEntry entry) {
        add(entry);
        return entry;
    }

    private void stored(OutboxEntry entry, String id, Message message, Throwable failure) {
        if (failure == null && storeFailing) {
            storeFailing = false;
            LOG.info("outbox is written again");
        }
        if (failure != null && !storeFailing) {
            storeFailing = true;
            LOG.warn("outbox cannot be written, kept in memory alone: reason={}", failure.getMessage());
        }
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
        Optional<OutboxEntry> oldest =
                entries.values().stream().filter(e -> e.kind == kind).findFirst();
        oldest.ifPresent(entry -> giveUp(entry, Loss.QUOTA));
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

    /** The link is gone: what was on its way goes again. */
    void disconnected() {
        uplink = null;
        underway = 0;
        for (OutboxEntry entry : entries.values()) {
            if (entry.state == State.WRITING || entry.state == State.WAITING) {
                entry.state = State.READY;
            }
        }
    }

    private void pump() {
        if (uplink == null || underway >= WINDOW) {
            return;
        }
        List<OutboxEntry> next = new ArrayList<>();
        for (OutboxEntry entry : entries.values()) {
            if (underway + next.size() >= WINDOW) {
                break;
            }
            if (entry.state == State.READY
                    && !entry.notBefore.isAfter(context.clock().instant())) {
                next.add(entry);
            }
        }
        next.forEach(this::send);
    }

    private void send(OutboxEntry entry) {
        Optional<Message> message = entry.message != null
                ? Optional.of(entry.message)
                : store.get(COLLECTION, entry.key).map(d -> MessageCodec.decode(d.body()));
        if (message.isEmpty()) {
            LOG.error("stored message is missing: key={}", entry.key);
            remove(entry);
            return;
        }
        if (entry.attempts++ > 0) {
            figures.repeated();
        }
        entry.state = State.WRITING;
        underway++;
        String id = entry.id;
        Uplink through = uplink;
        through.send(message.get())
                .whenComplete((nothing, failure) -> context.execute(() -> {
                    if (through == uplink && entry.id.equals(id) && entry.state == State.WRITING) {
                        written(entry, failure);
                    }
                }));
    }

    private void written(OutboxEntry entry, Throwable failure) {
        if (failure instanceof EdgeException e && e.reason() == Reason.TOO_LARGE) {
            LOG.warn("message too large for the link, given up: key={}", entry.key);
            giveUp(entry, Loss.TOO_LARGE);
        } else if (failure != null) {
            leaveUnderway(entry);
            entry.state = State.READY;
            entry.notBefore = context.clock().instant().plus(OutboxEntry.FULL_PAUSE);
            context.after(OutboxEntry.FULL_PAUSE, this::pump);
        } else if (entry.kind.answered() || acknowledged) {
            waitForAnswer(entry);
        } else {
            figures.delivered();
            remove(entry);
        }
        pump();
    }

    private void waitForAnswer(OutboxEntry entry) {
        entry.state = State.WAITING;
        entry.deadline = context.clock().instant().plus(timeout);
    }

    /** Takes the cloud's answer; false when it answers nothing that is kept here. */
    boolean answered(Message answer) {
        OutboxEntry entry = byId.get(answer.parentId());
        if (entry == null) {
            return false;
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
        leaveUnderway(entry);
        entry.state = State.READY;
        entry.postpone(context.clock().instant());
        context.after(entry.pause(), this::pump);
    }

    /** Sends again what was not answered in time; called every few seconds. */
    void tick() {
        Instant now = context.clock().instant();
        for (OutboxEntry entry : entries.values()) {
            if (entry.state == State.WAITING && now.isAfter(entry.deadline)) {
                leaveUnderway(entry);
                entry.state = State.READY;
            }
        }
        pump();
        overflowing &= entries.size() > WINDOW;
    }

    private void giveUp(OutboxEntry entry, Loss why) {
        figures.lost(entry.kind, why);
        remove(entry);
    }

    private void remove(OutboxEntry entry) {
        leaveUnderway(entry);
        entry.state = State.GONE;
        entries.remove(entry.key);
        byId.remove(entry.id);
        figures.kept(entry.kind, -1);
        store.submit(List.of(Change.delete(COLLECTION, entry.key, DocumentStore.ANY)))
                .whenComplete((documents, failure) -> {
                    if (failure != null) {
                        LOG.debug("not removed, will be sent again after a restart: key={}", entry.key);
                    }
                });
    }

    private void leaveUnderway(OutboxEntry entry) {
        if (entry.state == State.WRITING || entry.state == State.WAITING) {
            underway--;
        }
    }

    /** Ids written to the link and not answered yet. */
    Collection<String> waitingIds() {
        return entries.values().stream()
                .filter(e -> e.state == State.WAITING)
                .map(e -> e.id)
                .toList();
    }
}
