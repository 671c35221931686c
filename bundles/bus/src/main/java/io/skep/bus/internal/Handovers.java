package io.skep.bus.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.module.Handover;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what modules leave while the bus itself is replaced: documents of the collection {@code handover}, keyed
 * {@code <module>/<version>}. They are for the same process only; what another one left names sockets and threads that are
 * gone, and is thrown away.
 */
final class Handovers {

    private static final Logger LOG = LoggerFactory.getLogger(Handovers.class);
    private static final String COLLECTION = "handover";

    private final String process;
    private volatile DocumentStore store;

    Handovers() {
        this(ProcessHandle.current().pid() + "@"
                + ProcessHandle.current()
                        .info()
                        .startInstant()
                        .map(Object::toString)
                        .orElse(""));
    }

    Handovers(String process) {
        this.process = process;
    }

    void attach(DocumentStore arrived) {
        store = arrived;
    }

    void detach(DocumentStore gone) {
        if (store == gone) {
            store = null;
        }
    }

    void save(Map<String, Handover> left) {
        if (left.isEmpty()) {
            return;
        }
        List<Change> changes = new ArrayList<>();
        left.forEach((module, handover) -> changes.add(Change.put(
                COLLECTION, module + "/" + handover.version(), DocumentStore.ANY, process + "\n" + handover.state())));
        write(changes);
    }

    /** What this process left, by module; gone from the store afterwards. */
    Map<String, Handover> restore() {
        DocumentStore from = store;
        if (from == null) {
            return Map.of();
        }
        try {
            return read(from);
        } catch (RuntimeException e) {
            LOG.warn("modules start without handover: reason={}", e.getMessage());
            return Map.of();
        }
    }

    private Map<String, Handover> read(DocumentStore from) {
        Map<String, Handover> found = new HashMap<>();
        List<Change> changes = new ArrayList<>();
        for (Document document : from.list(COLLECTION, "")) {
            changes.add(Change.delete(COLLECTION, document.key(), DocumentStore.ANY));
            String[] body = document.body().split("\n", 2);
            String[] key = document.key().split("/", 2);
            if (body[0].equals(process)) {
                found.put(key[0], new Handover(Integer.parseInt(key[1]), body[1]));
            }
        }
        write(changes);
        return found;
    }

    private void write(List<Change> changes) {
        DocumentStore to = store;
        try {
            if (to != null && !changes.isEmpty()) {
                to.write(changes);
            }
        } catch (EdgeException e) {
            LOG.warn("handovers not kept over the change of the bus: reason={}", e.getMessage());
        }
    }
}
