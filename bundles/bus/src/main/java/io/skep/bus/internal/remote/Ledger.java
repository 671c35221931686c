package io.skep.bus.internal.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What became of upgrades the cloud asked for, kept on disk so that none is done twice. Blocks on the disk.
 */
final class Ledger {

    /**
     * One upgrade that was begun.
     *
     * @param request what was asked for
     * @param begun when
     * @param operation the operation as JSON once it has ended; {@code ""} before
     */
    record Entry(Request request, Instant begun, String operation) {

        boolean ended() {
            return !operation.isEmpty();
        }

        Entry endedAs(String value) {
            return new Entry(request, begun, value);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COLLECTION = "operations.remote";
    private static final int MOST = 100;

    private final DocumentStore store;

    Ledger(DocumentStore store) {
        this.store = store;
    }

    Optional<Entry> find(String id) {
        return store.get(COLLECTION, id).map(Ledger::read);
    }

    /** Returns once it is on disk; forgets the oldest beyond a hundred. */
    void write(Entry entry) {
        Request request = entry.request();
        ObjectNode tree = JSON.createObjectNode()
                .put("id", request.id())
                .put("module", request.module())
                .put("sha256", request.checksum())
                .put("bytes", request.bytes())
                .put("force", request.force())
                .put("begun", entry.begun().toString())
                .put("operation", entry.operation());
        store.put(COLLECTION, request.id(), DocumentStore.ANY, tree.toString());
        List<Document> all = store.list(COLLECTION, "");
        all.stream()
                .map(Ledger::read)
                .sorted(Comparator.comparing(Entry::begun))
                .limit(Math.max(0, all.size() - MOST))
                .forEach(old -> store.delete(COLLECTION, old.request().id(), DocumentStore.ANY));
    }

    private static Entry read(Document document) {
        try {
            JsonNode tree = JSON.readTree(document.body());
            return new Entry(
                    Request.read(tree.path("id").asText(), tree),
                    Instant.parse(tree.path("begun").asText()),
                    tree.path("operation").asText());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("no entry of the ledger: " + document.key(), e);
        }
    }
}
