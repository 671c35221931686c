package io.skep.bus.internal;

import io.skep.bus.internal.mail.Intake;
import io.skep.bus.internal.mail.Limits;
import io.skep.bus.internal.mail.Mailbox;
import io.skep.core.api.bus.BusStatus;
import io.skep.core.api.bus.BusTopics;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.store.DocumentStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All mailboxes and groups, and how messages get into them. Thread-safe. */
final class Post {

    /** One mailbox as an address. */
    record Box(String topic, Mailbox mailbox) implements Address {
        @Override
        public Delivery deliver(Message message) {
            mailbox.awaitRoom(message);
            return mailbox.offer(message).settle();
        }
    }

    /** The members of a group in the order they joined. */
    static final class Group implements Address {
        private final String topic;
        private final CopyOnWriteArrayList<Mailbox> members = new CopyOnWriteArrayList<>();

        Group(String topic) {
            this.topic = topic;
        }

        List<Mailbox> members() {
            return members;
        }

        @Override
        public String topic() {
            return topic;
        }

        // Under the lock nothing waits; so all members see the messages of all senders in one order.
        @Override
        public Delivery deliver(Message message) {
            members.forEach(m -> m.awaitRoom(message));
            List<Intake> intakes = new ArrayList<>(members.size());
            synchronized (this) {
                for (Mailbox member : members) {
                    intakes.add(member.offer(message));
                }
            }
            Delivery worst = intakes.isEmpty() ? Delivery.DROPPED : Delivery.ACCEPTED;
            for (Intake intake : intakes) {
                Delivery delivery = intake.settle();
                worst = delivery.compareTo(worst) > 0 ? delivery : worst;
            }
            return worst;
        }
    }

    private record Nowhere(String topic) implements Address {
        @Override
        public Delivery deliver(Message message) {
            return Delivery.DROPPED;
        }
    }

    private final Limits limits;
    private final ConcurrentMap<String, Box> boxes = new ConcurrentHashMap<>();
    private final ConcurrentMap<String, Group> groups = new ConcurrentHashMap<>();
    private volatile DocumentStore store;

    Post(Limits limits) {
        this.limits = limits;
    }

    /** The mailbox of {@code module}, made if there is none; may block on the disk. */
    Mailbox open(String module) {
        Box there = boxes.get(module);
        if (there != null) {
            return there.mailbox();
        }
        Mailbox fresh = new Mailbox(Names.checked("module", module), limits);
        DocumentStore now = store;
        if (now != null) {
            fresh.attach(now);
        }
        there = boxes.putIfAbsent(module, new Box(BusTopics.module(module), fresh));
        DocumentStore then = store;
        if (there == null && then != null && then != now) {
            fresh.attach(then);
        }
        return there == null ? fresh : there.mailbox();
    }

    /** Puts a mailbox into a group, after those that are in it. */
    void join(String group, Mailbox mailbox) {
        groups.computeIfAbsent(Names.checked("group", group), g -> new Group(BusTopics.group(g)))
                .members
                .addIfAbsent(mailbox);
    }

    Optional<Mailbox> mailbox(String module) {
        return Optional.ofNullable(boxes.get(module)).map(Box::mailbox);
    }

    /** Where messages to {@code module} go; a module that is not known takes none. */
    Address module(String module) {
        Address box = boxes.get(module);
        return box != null ? box : new Nowhere(BusTopics.module(Names.checked("module", module)));
    }

    /** Where messages to {@code group} go. */
    Address group(String group) {
        Address there = groups.get(group);
        return there != null ? there : new Nowhere(BusTopics.group(Names.checked("group", group)));
    }

    int members(String group) {
        Group there = groups.get(group);
        return there == null ? 0 : there.members().size();
    }

    /** Takes a mailbox out of everything. */
    Optional<Mailbox> remove(String module) {
        Box gone = boxes.remove(module);
        if (gone == null) {
            return Optional.empty();
        }
        groups.values().forEach(g -> g.members().remove(gone.mailbox()));
        return Optional.of(gone.mailbox());
    }

    /** The store in use now, if there is one. */
    Optional<DocumentStore> store() {
        return Optional.ofNullable(store);
    }

    void attach(DocumentStore arrived) {
        store = arrived;
        boxes.values().forEach(b -> b.mailbox().attach(arrived));
    }

    void detach(DocumentStore gone) {
        if (store == gone) {
            store = null;
        }
        boxes.values().forEach(b -> b.mailbox().detach(gone));
    }

    Collection<Mailbox> mailboxes() {
        return boxes.values().stream().map(Box::mailbox).toList();
    }

    /** Every mailbox as it is now, by name. */
    List<BusStatus.Mailbox> status() {
        return boxes.values().stream()
                .map(Box::mailbox)
                .map(m -> status(m, m.figures()))
                .sorted(Comparator.comparing(BusStatus.Mailbox::module))
                .toList();
    }

    private BusStatus.Mailbox status(Mailbox mailbox, Mailbox.Figures f) {
        List<String> in = groups.entrySet().stream()
                .filter(g -> g.getValue().members().contains(mailbox))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        return new BusStatus.Mailbox(
                mailbox.module(), in, f.queued(), f.spilled(), f.received(), f.coalesced(), f.refused());
    }
}
