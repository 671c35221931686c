package io.skep.kube.embedded.internal.storage;

import io.skep.kube.api.ObjectKey;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The visible objects of one kind, by namespace and name. Guarded by the journal's lock. */
final class Table {

    private final TreeMap<String, Stored> rows = new TreeMap<>();

    /** The name of an object's row; rows of a namespace lie side by side. */
    static String row(ObjectKey key) {
        return key.namespace() + "/" + key.name();
    }

    Optional<Stored> get(ObjectKey key) {
        return Optional.ofNullable(rows.get(row(key)));
    }

    void put(Stored stored) {
        rows.put(row(stored.key()), stored);
    }

    /** The state after a change takes the place of the one before. */
    void apply(Change change) {
        change.after().ifPresentOrElse(this::put, () -> rows.remove(row(change.key())));
    }

    /** All objects, or those of one namespace, as they are now. */
    List<Stored> list(String namespace) {
        return List.copyOf(namespace.isEmpty() ? rows.values() : in(namespace));
    }

    boolean holdsAny(String namespace) {
        return !in(namespace).isEmpty();
    }

    // '0' is the character after '/'.
    private Collection<Stored> in(String namespace) {
        return rows.subMap(namespace + "/", namespace + "0").values();
    }

    int size() {
        return rows.size();
    }
}
