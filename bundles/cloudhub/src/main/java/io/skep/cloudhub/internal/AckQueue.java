package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.AckEntry.State;
import io.skep.cloudhub.internal.CloudHubSettings.Delivery;
import io.skep.cloudhub.internal.HubCounters.Event;
import io.skep.cloudhub.internal.SyncRecords.Subject;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Objects on their way to one node, each until it is acknowledged; in the order they came, one per object. State of the
 * module's thread; ends with the session.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudhub/session/node_session.go} and {@code common/message_pool.go}. Kept
 * from there: five sendings of the same message 5 s apart, then back to the end of the queue with a growing pause. Changed:
 * an answer to a query waits beside a push of the same object instead of replacing it (the asker would wait in vain), and
 * a node of our own kind may have many under way.
 */
final class AckQueue {

    private final ModuleContext context;
    private final SyncRecords records;
    private final Consumer<Message> link;
    private final Delivery settings;
    private final int window;
    private final HubCounters counters;
    private final Map<String, AckEntry> entries = new HashMap<>();
    private final ArrayDeque<AckEntry> queue = new ArrayDeque<>();
    private final Map<String, AckEntry> awaited = new HashMap<>();
    private int underWay;
    private int pending;
    private ModuleContext.Timer timer = () -> {};
    private boolean armed;
    private boolean closed;

    /**
     * @param link takes what is to be sent, trimmed for the wire
     * @param window most objects under way at once
     */
    AckQueue(
            ModuleContext context,
            SyncRecords records,
            Consumer<Message> link,
            Delivery settings,
            int window,
            HubCounters counters) {
        this.context = context;
        this.records = records;
        this.link = link;
        this.settings = settings;
        this.window = window;
        this.counters = counters;
    }

    /** Objects not acknowledged yet. */
    int pending() {
        return pending;
    }

    int underWay() {
        return underWay;
    }

    /** Takes an object for the node; {@code message} as it will stand on the wire. */
    void offer(Message message, Subject subject) {
        boolean reply = Operation.RESPONSE.equals(message.route().operation());
        boolean delete = AckEntry.isDelete(message, subject);
        if (message.header().resourceVersion().isEmpty() && !delete) {
            counters.count(Event.UNDELIVERABLE);
            return;
        }
        AckEntry entry = entries.get(AckEntry.keyOf(message, subject));
        if (entry == null) {
            add(new AckEntry(message, subject), reply || delete);
        } else if (reply || delete || entry.isOutdatedBy(message)) {
            replace(entry, message, subject);
        } else {
            counters.count(Event.DUPLICATE);
        }
        pump();
    }

    private void add(AckEntry entry, boolean unasked) {
        if (pending >= settings.limit()) {
            counters.count(Event.QUEUE_FULL);
            return;
        }
        entries.put(entry.key, entry);
        enqueue(entry, unasked ? State.READY : State.CHECKING);
        if (!unasked) {
            Message asked = entry.message;
            records.admit(entry.subject, entry.version, needed -> admitted(entry, asked, needed));
        }
    }

    private void admitted(AckEntry entry, Message asked, boolean needed) {
        if (closed || entry.state != State.CHECKING) {
            return;
        }
        if (needed || entry.message != asked) {
            entry.state = State.READY;
        } else {
            counters.count(Event.DUPLICATE);
            queue.remove(entry);
            entries.remove(entry.key);
            settle();
        }
        pump();
    }

    private void enqueue(AckEntry entry, State state) {
        entry.state = state;
        queue.add(entry);
        pending++;
        counters.queued(1);
    }

    private void settle() {
        pending--;
        counters.queued(-1);
    }

    private void replace(AckEntry entry, Message message, Subject subject) {
        switch (entry.state) {
            case IDLE -> {
                if (pending >= settings.limit()) {
                    counters.count(Event.QUEUE_FULL);
                    return;
                }
                entry.take(message, subject);
                enqueue(entry, State.READY);
            }
            case UNDER_WAY -> entry.follow(message, subject);
            case CHECKING, READY, RESTING -> {
                awaited.remove(entry.message.id());
                entry.take(message, subject);
                if (entry.state == State.CHECKING && entry.isDelete()) {
                    entry.state = State.READY;
                }
            }
        }
    }

    /**
     * Takes an acknowledgement.
     *
     * @return whether anything waited for it
     */
    boolean acknowledged(String messageId) {
        AckEntry entry = awaited.remove(messageId);
        if (entry == null) {
            return false;
        }
        if (entry.state == State.UNDER_WAY) {
            underWay--;
        } else {
            queue.remove(entry);
        }
        counters.count(Event.ACKNOWLEDGED);
        settle();
        record(entry);
        finish(entry);
        pump();
        return true;
    }

    private void record(AckEntry entry) {
        if (entry.isRecorded() && Operation.DELETE.equals(entry.message.route().operation())) {
            records.deleted(entry.subject);
        } else if (entry.isRecorded()) {
            records.acknowledged(entry.subject, entry.version);
        }
    }

    private void finish(AckEntry entry) {
        entry.arrived();
        if (entry.takeNext()) {
            enqueue(entry, State.READY);
            return;
        }
        if (entry.isPassing()) {
            entries.remove(entry.key);
        }
        entry.idle();
    }

    /** Sends what may be sent. An object whose record is still being looked up holds up those behind it: order counts. */
    private void pump() {
        while (!closed && underWay < window && !queue.isEmpty() && queue.peek().state == State.READY) {
            AckEntry entry = queue.poll();
            entry.state = State.UNDER_WAY;
            entry.tries = 0;
            underWay++;
            awaited.put(entry.message.id(), entry);
            send(entry);
        }
        arm();
    }

    private void send(AckEntry entry) {
        entry.tries++;
        entry.sent = context.clock().instant();
        link.accept(entry.message);
    }

    /** The peer will never take it: a message too large for the link. */
    void undeliverable(String messageId) {
        AckEntry entry = awaited.remove(messageId);
        if (entry != null && entry.state == State.UNDER_WAY) {
            underWay--;
            settle();
            if (!entry.isFollowed()) {
                entries.remove(entry.key);
            }
            finish(entry);
            pump();
        }
    }

    private void arm() {
        if (armed || closed || underWay == 0) {
            return;
        }
        armed = true;
        Instant first = awaited.values().stream()
                .filter(entry -> entry.state == State.UNDER_WAY)
                .map(entry -> entry.sent)
                .min(Instant::compareTo)
                .orElseThrow();
        Duration wait = Duration.between(context.clock().instant(), first.plus(settings.patience()));
        timer = context.after(wait.isNegative() ? Duration.ZERO : wait, this::due);
    }

    private void due() {
        armed = false;
        if (closed) {
            return;
        }
        Instant late = context.clock().instant().minus(settings.patience());
        List<AckEntry> overdue = awaited.values().stream()
                .filter(entry -> entry.isOverdue(late))
                .sorted(Comparator.comparing(entry -> entry.sent))
                .toList();
        for (AckEntry entry : overdue) {
            if (entry.tries < settings.tries()) {
                counters.count(Event.RESENT);
                send(entry);
            } else {
                rest(entry);
            }
        }
        pump();
    }

    /** Makes room for the others; an acknowledgement that comes late still counts. */
    private void rest(AckEntry entry) {
        underWay--;
        entry.state = State.RESTING;
        String id = entry.message.id();
        if (entry.takeNext()) {
            awaited.remove(id);
        }
        context.after(entry.rest(), () -> {
            if (!closed && entry.state == State.RESTING) {
                entry.state = State.READY;
                queue.add(entry);
                pump();
            }
        });
    }

    /** Forgets the versions the node has; nothing counts as a duplicate of them any more. */
    void forgetAcknowledged() {
        entries.values().removeIf(entry -> entry.state == State.IDLE);
    }

    /** The session ended; what was not acknowledged is found again by comparing when the node is back. */
    void close() {
        closed = true;
        timer.cancel();
        counters.queued(-pending);
        pending = 0;
        entries.clear();
        queue.clear();
        awaited.clear();
    }
}
