package io.skep.kube.embedded.internal.storage;

import java.util.ArrayDeque;
import java.util.List;

/** The last changes of one kind, for watches that resume. Guarded by the journal's lock. */
final class History {

    private final int capacity;
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private long floor;

    /**
     * @param capacity most changes kept
     * @param floor the version from which on all changes are known
     */
    History(int capacity, long floor) {
        this.capacity = capacity;
        this.floor = floor;
    }

    void add(Change change) {
        if (changes.size() == capacity) {
            floor = changes.remove().version();
        }
        changes.add(change);
    }

    /** The oldest version a watch may resume from. */
    long floor() {
        return floor;
    }

    List<Change> since(long version) {
        return changes.stream().filter(c -> c.version() > version).toList();
    }
}
