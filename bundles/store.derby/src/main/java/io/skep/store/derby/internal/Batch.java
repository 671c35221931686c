package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Submissions on their way into one transaction. Each is checked against what the ones before it leave behind, so that a
 * conflict fails alone and the table sees every row once, in its final state.
 */
final class Batch {

    /** Where the batch looks up what is stored. */
    @FunctionalInterface
    interface Revisions {
        /** The revision under an id; 0 when nothing is there. */
        long of(String id) throws SQLException;
    }

    /** What becomes of one row. */
    enum Action {
        INSERT,
        UPDATE,
        DELETE
    }

    /** The final state of one row; {@code document} is empty for a deleted one. */
    record Row(String id, Action action, Optional<Document> document) {}

    /** A row that was touched: the revision it is stored at, and its state after the changes so far. */
    private record State(long stored, long revision, Optional<Document> document) {}

    private final Revisions revisions;
    private final Map<String, State> states = new LinkedHashMap<>();

    Batch(Revisions revisions) {
        this.revisions = revisions;
    }

    /**
     * Adds one submission, whole or not at all.
     *
     * @return the documents of its puts
     * @throws EdgeException {@code CONFLICT}; the batch is as before
     */
    List<Document> add(List<Change> changes) throws SQLException {
        Map<String, State> mine = new HashMap<>();
        List<String> order = new ArrayList<>();
        List<Document> puts = new ArrayList<>();
        for (Change change : changes) {
            String id = Ids.id(change.collection(), change.key());
            State now = mine.get(id);
            if (now == null) {
                order.add(id);
                now = state(id);
            }
            check(change, now.revision());
            State next = next(change, now);
            if (change.body().isPresent()) {
                puts.add(next.document().orElseThrow());
            }
            mine.put(id, next);
        }
        order.forEach(id -> states.put(id, mine.get(id)));
        return List.copyOf(puts);
    }

    private State state(String id) throws SQLException {
        State known = states.get(id);
        if (known != null) {
            return known;
        }
        long revision = revisions.of(id);
        return new State(revision, revision, Optional.empty());
    }

    private static void check(Change change, long revision) {
        boolean goneAnyway = change.body().isEmpty() && revision == DocumentStore.ABSENT;
        if (change.expected() != DocumentStore.ANY && change.expected() != revision && !goneAnyway) {
            throw new EdgeException(
                    Reason.CONFLICT,
                    change.collection() + "/" + change.key() + " is at revision " + revision + ", not "
                            + change.expected());
        }
    }

    private static State next(Change change, State now) {
        if (change.body().isEmpty()) {
            return new State(now.stored(), DocumentStore.ABSENT, Optional.empty());
        }
        long revision = now.revision() + 1;
        Document document = new Document(
                change.collection(), change.key(), revision, change.body().get());
        return new State(now.stored(), revision, Optional.of(document));
    }

    /** What is to be done to the table, in the order first touched. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>(states.size());
        states.forEach((id, state) -> {
            boolean there = state.stored() != DocumentStore.ABSENT;
            if (state.document().isPresent()) {
                rows.add(new Row(id, there ? Action.UPDATE : Action.INSERT, state.document()));
            } else if (there) {
                rows.add(new Row(id, Action.DELETE, Optional.empty()));
            }
        });
        return rows;
    }
}
