package io.skep.bus.internal.mail;

import io.skep.core.api.message.Message;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.ArrayList;
import java.util.List;

/**
 * What lies in a store for one module: one document a message, keyed {@code <module>/<number>}, in the order of the
 * numbers. Without a state of its own; every method that is given a store blocks on the disk, so no lock is held then.
 */
public final class StoredMail {

    static final String COLLECTION = "mailbox";

    /** Documents read at a time. */
    static final int PAGE = 64;

    // In the middle, so that what is in memory can be saved in front of what is in the store.
    static final long FIRST = 1L << 40;

    private static final int DISCARD_PAGE = 512;

    private final String prefix;

    StoredMail(String module) {
        this.prefix = module + "/";
    }

    /** What an earlier process left; its first and last number. */
    record Found(DocumentStore store, long count, long first, long last) {}

    /** Puts messages in front of what a module has there, in one write. */
    public static void put(DocumentStore store, String module, List<Message> messages) {
        new StoredMail(module).putInFront(store, messages);
    }

    /** Modules that have messages there. */
    public static List<String> modules(DocumentStore store) {
        List<String> modules = new ArrayList<>();
        List<Document> next = store.list(COLLECTION, "", "", 1);
        while (!next.isEmpty()) {
            String module = next.get(0).key().split("/", 2)[0];
            modules.add(module);
            next = store.list(COLLECTION, "", module + "/g", 1); // behind all its numbers
        }
        return modules;
    }

    private void putInFront(DocumentStore store, List<Message> messages) {
        long number = inspect(store).first() - messages.size();
        List<Change> changes = new ArrayList<>(messages.size());
        for (Message message : messages) {
            changes.add(put(number++, message));
        }
        store.write(changes);
    }

    /** Finds what is there. */
    Found inspect(DocumentStore store) {
        long there = store.count(COLLECTION, prefix);
        if (there == 0) {
            return new Found(store, 0, FIRST, FIRST - 1);
        }
        long first = number(store.list(COLLECTION, prefix, "", 1).get(0));
        long low = first;
        long high = Long.MAX_VALUE;
        while (low < high - 1) {
            long middle = low + (high - low) / 2;
            if (store.list(COLLECTION, prefix, key(middle), 1).isEmpty()) {
                high = middle;
            } else {
                low = middle;
            }
        }
        List<Document> last = store.list(COLLECTION, prefix, key(low), 1);
        return new Found(store, there, first, last.isEmpty() ? first : number(last.get(0)));
    }

    /** Stores one message. */
    void write(DocumentStore store, long number, Message message) {
        store.put(COLLECTION, key(number), DocumentStore.ANY, MessageJson.write(message));
    }

    /** Reads the next page after {@code from}. */
    List<Document> read(DocumentStore store, long from) {
        return store.list(COLLECTION, prefix, key(from), PAGE);
    }

    void delete(DocumentStore store, List<Long> numbers) {
        if (!numbers.isEmpty()) {
            store.write(numbers.stream().map(this::delete).toList());
        }
    }

    /** Deletes everything of the module and says how many documents that were. */
    long discard(DocumentStore store) {
        long gone = 0;
        for (List<Document> page = store.list(COLLECTION, prefix, "", DISCARD_PAGE);
                !page.isEmpty();
                page = store.list(COLLECTION, prefix, "", DISCARD_PAGE)) {
            store.write(page.stream()
                    .map(d -> Change.delete(COLLECTION, d.key(), DocumentStore.ANY))
                    .toList());
            gone += page.size();
        }
        return gone;
    }

    /** The change that stores a message. */
    Change put(long number, Message message) {
        return Change.put(COLLECTION, key(number), DocumentStore.ANY, MessageJson.write(message));
    }

    /** The change that deletes one. */
    Change delete(long number) {
        return Change.delete(COLLECTION, key(number), DocumentStore.ANY);
    }

    private String key(long number) {
        return prefix + String.format("%016x", number);
    }

    long number(Document document) {
        return Long.parseLong(document.key().substring(prefix.length()), 16);
    }
}
