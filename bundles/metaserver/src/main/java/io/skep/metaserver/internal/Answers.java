package io.skep.metaserver.internal;

import io.skep.core.api.application.Application;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import io.skep.kube.api.Doc;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the cloud last answered to questions of the node's clients, on disk, for when it is away. The oldest of this life are
 * forgotten first. Thread-safe.
 */
final class Answers {

    /** Most characters of one answer; a larger one is not kept. */
    static final int MOST_OF_ONE = 1 << 20;

    /** Most characters of all together. */
    static final int MOST_OF_ALL = 8 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
    private static final String COLLECTION = NodeKinds.COLLECTION;
    private static final String PREFIX = "answer/";
    private static final int PAGE = 10;

    /** What tells one answer from another, without keeping it. */
    private record Head(int size, int hash) {}

    private final DocumentStore store;
    private final Map<String, Head> heads = new LinkedHashMap<>();
    private int size;

    Answers(DocumentStore store) {
        this.store = store;
    }

    /** Reads which there are. */
    synchronized void load() {
        String after = "";
        while (true) {
            List<Document> page = store.list(COLLECTION, PREFIX, after, PAGE);
            if (page.isEmpty()) {
                return;
            }
            page.forEach(answer -> know(answer.key(), head(answer.body())));
            after = page.get(page.size() - 1).key();
        }
    }

    private void know(String key, Head head) {
        Head former = heads.remove(key);
        size += head.size() - (former == null ? 0 : former.size());
        heads.put(key, head);
    }

    private static Head head(String answer) {
        return new Head(answer.length(), answer.hashCode());
    }

    /** Keeps an answer instead of the last to the same question; does not wait for the disk. */
    void keep(Application question, Doc answer) {
        // A list's version moves with every change of anything.
        Doc lasting = answer.has("items") ? answer.without("metadata", "resourceVersion") : answer;
        String text = Json.write(lasting.asMap());
        if (text.length() > MOST_OF_ONE) {
            return;
        }
        String key = PREFIX + question.id("");
        List<Change> changes = new ArrayList<>();
        synchronized (this) {
            if (head(text).equals(heads.get(key))) {
                return;
            }
            know(key, head(text));
            changes.add(Change.put(COLLECTION, key, DocumentStore.ANY, text));
            Iterator<Map.Entry<String, Head>> oldest = heads.entrySet().iterator();
            while (size > MOST_OF_ALL) {
                Map.Entry<String, Head> gone = oldest.next();
                size -= gone.getValue().size();
                changes.add(Change.delete(COLLECTION, gone.getKey(), DocumentStore.ANY));
                oldest.remove();
            }
        }
        store.submit(changes).whenComplete((done, failure) -> {
            if (failure != null) {
                LOG.debug("answer is not kept: key={} reason={}", question.key(), failure.getMessage());
                forget(key);
            }
        });
    }

    private synchronized void forget(String key) {
        Head gone = heads.remove(key);
        size -= gone == null ? 0 : gone.size();
    }

    /** The last answer; a list has no version. */
    Optional<Doc> find(Application question) {
        return store.get(COLLECTION, PREFIX + question.id("")).flatMap(answer -> Json.object(answer.body()));
    }
}
