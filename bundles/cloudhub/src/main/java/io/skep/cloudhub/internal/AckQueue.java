package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.CloudHubSettings.Delivery;
import io.skep.cloudhub.internal.HubCounters.Event;
import io.skep.cloudhub.internal.SyncRecords.Subject;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
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

    private static final Duration FIRST_REST = Duration.ofMillis(5);
    private static final Duration LONGEST_REST = Duration.ofSeconds(1000);

    private enum State {
        /** Acknowledged; only its version is remembered. */
        IDLE,
        /** In the queue, its record not looked up yet. */
        CHECKING,
        /** In the queue. */
        READY,
        UNDER_WAY,
        /** Sent in vain many times; waits for its next round. */
        RESTING
    }

    private static final class Item {
        private final String key;
        private State state = State.IDLE;
        private Message message;
        private Subject subject;
        private String version;
        private boolean delete;
        private int tries;
        private int rounds;
        private Instant sent;
        private Item next;

        Item(String key, Message message, Subject subject) {
            this.key = key;
            take(message, subject);
        }

        private void take(Message newMessage, Subject newSubject) {
            message = newMessage;
            subject = newSubject;
            version = newMessage.header().resourceVersion();
            delete = isDelete(newMessage, newSubject);
            tries = 0;
        }

        private String newestVersion() {
            return next == null ? version : next.version;
        }

        private boolean newestIsDelete() {
            return next == null ? delete : next.delete;
        }
    }

    private final ModuleContext context;
    private final SyncRecords records;
    private final Consumer<Message> link;
    private final Delivery settings;
    private final int window;
    private final HubCounters counters;
    private final Map<String, Item> items = new HashMap<>();
    private final ArrayDeque<Item> queue = new ArrayDeque<>();
    private final Map<String, Item> awaited = new HashMap<>();
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
        boolean delete = isDelete(message, subject);
        if (message.header().resourceVersion().isEmpty() && !delete) {
            counters.count(Event.UNDELIVERABLE);
            return;
        }
        String key = reply ? "reply/" + message.parentId() : subject.head().uid();
        Item item = items.get(key);
        if (item == null) {
            add(new Item(key, message, subject), reply || delete);
        } else if (reply || delete || !item.newestIsDelete() && isNewer(message, item)) {
            replace(item, message, subject);
        } else {
            counters.count(Event.DUPLICATE);
        }
        pump();
    }

    private static boolean isNewer(Message message, Item item) {
        return SyncRecords.newer(message.header().resourceVersion(), item.newestVersion());
    }

    private static boolean isDelete(Message message, Subject subject) {
        return Operation.DELETE.equals(message.route().operation())
                || subject.head().deleting();
    }

    private void add(Item item, boolean unasked) {
        if (pending >= settings.limit()) {
            counters.count(Event.QUEUE_FULL);
            return;
        }
        items.put(item.key, item);
        enqueue(item, unasked ? State.READY : State.CHECKING);
        if (!unasked) {
            Message asked = item.message;
            records.admit(item.subject, item.version, needed -> admitted(item, asked, needed));
        }
    }

    private void admitted(Item item, Message asked, boolean needed) {
        if (closed || item.state != State.CHECKING) {
            return;
        }
        if (needed || item.message != asked) {
            item.state = State.READY;
        } else {
            counters.count(Event.DUPLICATE);
            queue.remove(item);
            items.remove(item.key);
            settle();
        }
        pump();
    }

    private void enqueue(Item item, State state) {
        item.state = state;
        queue.add(item);
        pending++;
        counters.queued(1);
    }

    private void settle() {
        pending--;
        counters.queued(-1);
    }

    private void replace(Item item, Message message, Subject subject) {
        switch (item.state) {
            case IDLE -> {
                if (pending >= settings.limit()) {
                    counters.count(Event.QUEUE_FULL);
                    return;
                }
                item.take(message, subject);
                enqueue(item, State.READY);
            }
            case UNDER_WAY -> item.next = new Item(item.key, message, subject);
            case CHECKING, READY, RESTING -> {
                awaited.remove(item.message.id());
                item.take(message, subject);
                if (item.state == State.CHECKING && item.delete) {
                    item.state = State.READY;
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
        Item item = awaited.remove(messageId);
        if (item == null) {
            return false;
        }
        if (item.state == State.UNDER_WAY) {
            underWay--;
        } else {
            queue.remove(item);
        }
        counters.count(Event.ACKNOWLEDGED);
        settle();
        record(item);
        finish(item);
        pump();
        return true;
    }

    private void record(Item item) {
        if (!"resource".equals(item.message.route().group())
                || item.subject.head().uid().isEmpty()) {
            return;
        }
        if (Operation.DELETE.equals(item.message.route().operation())) {
            records.deleted(item.subject);
        } else {
            records.acknowledged(item.subject, item.version);
        }
    }

    private void finish(Item item) {
        item.rounds = 0;
        if (item.next != null) {
            Item next = item.next;
            item.next = null;
            item.take(next.message, next.subject);
            enqueue(item, State.READY);
        } else if (Operation.RESPONSE.equals(item.message.route().operation())
                || Operation.DELETE.equals(item.message.route().operation())) {
            items.remove(item.key);
            item.state = State.IDLE;
        } else {
            item.state = State.IDLE;
            item.message = null;
            item.subject = null;
        }
    }

    /** Sends what may be sent. An object whose record is still being looked up holds up those behind it: order counts. */
    private void pump() {
        while (!closed && underWay < window && !queue.isEmpty() && queue.peek().state == State.READY) {
            Item item = queue.poll();
            item.state = State.UNDER_WAY;
            item.tries = 0;
            underWay++;
            awaited.put(item.message.id(), item);
            send(item);
        }
        arm();
    }

    private void send(Item item) {
        item.tries++;
        item.sent = context.clock().instant();
        link.accept(item.message);
    }

    /** The peer will never take it: a message too large for the link. */
    void undeliverable(String messageId) {
        Item item = awaited.remove(messageId);
        if (item != null && item.state == State.UNDER_WAY) {
            underWay--;
            settle();
            if (item.next == null) {
                items.remove(item.key);
                item.state = State.IDLE;
            } else {
                finish(item);
            }
            pump();
        }
    }

    private void arm() {
        if (armed || closed || underWay == 0) {
            return;
        }
        armed = true;
        Instant first = awaited.values().stream()
                .filter(i -> i.state == State.UNDER_WAY)
                .map(i -> i.sent)
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
        List<Item> overdue = new ArrayList<>();
        awaited.values().stream()
                .filter(i -> i.state == State.UNDER_WAY && !i.sent.isAfter(late))
                .forEach(overdue::add);
        overdue.sort((a, b) -> a.sent.compareTo(b.sent));
        for (Item item : overdue) {
            if (item.tries < settings.tries()) {
                counters.count(Event.RESENT);
                send(item);
            } else {
                rest(item);
            }
        }
        pump();
    }

    /** Makes room for the others; an acknowledgement that comes late still counts. */
    private void rest(Item item) {
        underWay--;
        item.state = State.RESTING;
        if (item.next != null) {
            awaited.remove(item.message.id());
            item.take(item.next.message, item.next.subject);
            item.next = null;
        }
        context.after(pause(item.rounds++), () -> {
            if (!closed && item.state == State.RESTING) {
                item.state = State.READY;
                queue.add(item);
                pump();
            }
        });
    }

    private static Duration pause(int round) {
        Duration pause = FIRST_REST.multipliedBy(1L << Math.min(round, 30));
        return pause.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : pause;
    }

    /** Forgets the versions the node has; nothing counts as a duplicate of them any more. */
    void forgetAcknowledged() {
        items.values().removeIf(item -> item.state == State.IDLE);
    }

    /** The session ended; what was not acknowledged is found again by comparing when the node is back. */
    void close() {
        closed = true;
        timer.cancel();
        counters.queued(-pending);
        pending = 0;
        items.clear();
        queue.clear();
        awaited.clear();
    }
}
