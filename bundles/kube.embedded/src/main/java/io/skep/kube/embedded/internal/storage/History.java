package io.skep.kube.embedded.internal.storage;

import java.util.ArrayDeque;
import java.util.List;

/** The last changes of one kind, for watches that resume, bounded by number and text. Guarded by the journal's lock. */
final class History {

    /** A thousand states of a large ConfigMap would be a gigabyte. */
    private static final long MOST_CHARS = 8L << 20;

    private final int capacity;
    private final ArrayDeque<Change> changes = new ArrayDeque<>();
    private long floor;
    private long chars;

    /**
     * @param capacity most changes kept
     * @param floor the version from which on all changes are known
     */
    History(int capacity, long floor) {
        this.capacity = capacity;
        this.floor = floor;
    }

    void add(Change change) {
        changes.add(change);
        chars += change.chars();
        while (changes.size() > capacity || chars > MOST_CHARS && changes.size() > 1) {
            Change oldest = changes.remove();
            chars -= oldest.chars();
            floor = oldest.version();
        }
    }

    /** The oldest version a watch may resume from. */
    long floor() {
        return floor;
    }

    List<Change> since(long version) {
        return changes.stream().filter(c -> c.version() > version).toList();
    }
}
