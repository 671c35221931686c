package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import io.skep.transport.MessageCodec;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The outbox on disk: a row for each message that is kept. Belongs to the module's thread. */
final class OutboxRows {

    private static final Logger LOG = LoggerFactory.getLogger(OutboxRows.class);
    private static final int PAGE = 256;

    private final DocumentStore store;
    private boolean failing;

    OutboxRows(DocumentStore store) {
        this.store = store;
    }

    /** Hands over key and message of all rows, by key. A row that can't be used stays where it is. */
    void forEach(BiConsumer<String, Message> taker) {
        String after = "";
        List<Document> page;
        do {
            page = store.list(Outbox.COLLECTION, "", after, PAGE);
            for (Document document : page) {
                try {
                    taker.accept(document.key(), MessageCodec.decode(document.body()));
                } catch (EdgeException | NumberFormatException e) {
                    LOG.warn("stored message unusable, left aside: key={} reason={}", document.key(), e.getMessage());
                }
                after = document.key();
            }
        } while (page.size() == PAGE);
    }

    Optional<Message> read(String key) {
        return store.get(Outbox.COLLECTION, key).map(document -> MessageCodec.decode(document.body()));
    }

    /** The stage ends when the row is on disk, on a thread of the store. */
    CompletionStage<?> put(String key, Message message) {
        String body = MessageCodec.encode(message);
        return store.submit(List.of(Change.put(Outbox.COLLECTION, key, DocumentStore.ANY, body)));
    }

    /**
     * How a {@link #put} ended; told once when it begins to fail and once when that is over.
     *
     * @param failure {@code null} for a good end
     */
    void written(Throwable failure) {
        if (failure == null && failing) {
            LOG.info("outbox is written again");
        } else if (failure != null && !failing) {
            LOG.warn("outbox cannot be written, kept in memory alone: reason={}", failure.getMessage());
        }
        failing = failure != null;
    }

    void delete(String key) {
        store.submit(List.of(Change.delete(Outbox.COLLECTION, key, DocumentStore.ANY)))
                .whenComplete((documents, failure) -> {
                    if (failure != null) {
                        LOG.debug("not removed, will be sent again after a restart: key={}", key);
                    }
                });
    }
}
