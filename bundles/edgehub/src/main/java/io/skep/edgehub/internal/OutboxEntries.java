package io.skep.edgehub.internal;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * All entries of the outbox: in the order they shall go, a newer state of an object in the older one's place, and by the
 * ids the cloud may answer. Belongs to the module's thread.
 */
final class OutboxEntries {

    private static final String STATUS_PREFIX = "s/";

    private final OutboxFigures figures;
    private final LinkedHashMap<String, OutboxEntry> inOrder = new LinkedHashMap<>();
    private final Map<String, OutboxEntry> byId = new HashMap<>();
    private long sequence;

    OutboxEntries(OutboxFigures figures) {
        this.figures = figures;
    }

    /** The key of an object's state. */
    static String statusKey(String resource) {
        return STATUS_PREFIX + resource;
    }

    /** A key behind all there were of a class; they are read back from the store in the order of their keys. */
    String nextKey(OutboxClass kind) {
        return "q/%s/%019d".formatted(kind.word(), ++sequence);
    }

    /** Adds one under a key that an earlier process or predecessor gave. */
    void restore(OutboxEntry entry) {
        if (!entry.key.startsWith(STATUS_PREFIX)) {
            sequence = Math.max(sequence, Long.parseLong(entry.key.substring(entry.key.lastIndexOf('/') + 1)));
        }
        add(entry);
    }

    OutboxEntry add(OutboxEntry entry) {
        inOrder.put(entry.key, entry);
        byId.put(entry.id, entry);
        figures.kept(entry.kind, 1);
        return entry;
    }

    /** A newer state takes an entry's place; the older one's id is answered no more, unless {@link #letAhead} says so. */
    void renew(OutboxEntry entry, String id) {
        byId.remove(entry.id);
        entry.id = id;
        entry.attempts = 0;
        byId.put(id, entry);
    }

    /** The entry goes when an older state of its object is answered. */
    void letAhead(OutboxEntry entry, String id) {
        entry.ahead = id;
        byId.put(id, entry);
    }

    /** The older state needs no more waiting for. */
    void followOn(OutboxEntry entry) {
        byId.remove(entry.ahead);
        entry.ahead = "";
    }

    void remove(OutboxEntry entry) {
        inOrder.remove(entry.key);
        byId.remove(entry.id);
        figures.kept(entry.kind, -1);
    }

    Optional<OutboxEntry> get(String key) {
        return Optional.ofNullable(inOrder.get(key));
    }

    /** The entry that an answer to this id concerns. */
    Optional<OutboxEntry> answeredBy(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    Optional<OutboxEntry> oldest(OutboxClass kind) {
        return all().stream().filter(entry -> entry.kind == kind).findFirst();
    }

    Collection<OutboxEntry> all() {
        return inOrder.values();
    }

    int size() {
        return inOrder.size();
    }
}
