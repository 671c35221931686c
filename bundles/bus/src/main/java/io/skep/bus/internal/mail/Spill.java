package io.skep.bus.internal.mail;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The part of one mailbox that lies in the store: one document a message, keyed {@code <module>/<number>}, read back in
 * the order of the numbers. Its state is guarded by the mailbox's lock; the methods that call the store say so and are
 * called without it.
 *
 * <p>Numbers are given in order, but the writes end in any order. A reader therefore reads only up to {@link #durable},
 * behind which no write is under way.
 */
final class Spill {

    private static final Logger LOG = LoggerFactory.getLogger(Spill.class);

    static final String COLLECTION = "mailbox";

    /** Number of a message that is not in the store. */
    static final long NONE = -1;

    static final int PAGE = 64;

    // In the middle, so that what is in memory can be saved in front of what is in the store.
    private static final long FIRST = 1L << 40;

    private final String module;
    private final String prefix;
    private final TreeMap<Long, Integer> writing = new TreeMap<>();
    private final Map<String, Long> statuses = new HashMap<>();
    private final List<Long> finished = new ArrayList<>();
    private DocumentStore store;
    private long next = FIRST;
    private long loaded = FIRST - 1;
    private long older = NONE;
    private long count;

    Spill(String module) {
        this.module = module;
        this.prefix = module + "/";
    }

    /** What an earlier process left, as {@link #inspect} found it. */
    record Found(DocumentStore store, long count, long first, long last) {}

    /** Looks at the store; blocks. */
    Found inspect(DocumentStore candidate) {
        long there = candidate.count(COLLECTION, prefix);
        if (there == 0) {
            return new Found(candidate, 0, FIRST, FIRST - 1);
        }
        long first = number(candidate.list(COLLECTION, prefix, "", 1).get(0));
        long low = first;
        long high = Long.MAX_VALUE;
        while (low < high - 1) {
            long middle = low + (high - low) / 2;
            if (candidate.list(COLLECTION, prefix, key(middle), 1).isEmpty()) {
                high = middle;
            } else {
                low = middle;
            }
        }
        List<Document> last = candidate.list(COLLECTION, prefix, key(low), 1);
        return new Found(candidate, there, first, last.isEmpty() ? first : number(last.get(0)));
    }

    /** Modules that have messages in a store; blocks. */
    static List<String> modulesIn(DocumentStore store) {
        List<String> modules = new ArrayList<>();
        List<Document> next = store.list(COLLECTION, "", "", 1);
        while (!next.isEmpty()) {
            String module = next.get(0).key().split("/", 2)[0];
            modules.add(module);
            next = store.list(COLLECTION, "", module + "/g", 1); // behind all its numbers
        }
        return modules;
    }

    /** Begins to use the store. {@code behind}: there are messages in memory that are younger than what was found. */
    void attach(Found found, boolean behind) {
        store = found.store();
        boolean fresh = next == FIRST && count == 0;
        if (fresh && found.count() > 0) {
            next = found.last() + 1;
            loaded = found.first() - 1;
            older = behind ? found.last() : NONE;
        }
        count = Math.max(count, found.count() - finished.size());
    }

    void detach(DocumentStore gone) {
        if (store == gone) {
            store = null;
        }
    }

    DocumentStore store() {
        return store;
    }

    /** Whether newcomers must queue up in the store because something is still there. */
    boolean holding() {
        return count > 0;
    }

    long count() {
        return count;
    }

    /** Whether a reader that is at work is through with it in a moment. */
    boolean nearlyRead() {
        return store != null && count <= PAGE;
    }

    /** Whether anything is left to read or to delete, and there is a store to do it in. */
    boolean inUse() {
        return store != null && (count > 0 || !finished.isEmpty());
    }

    /** Whether there is something to read, and it is due: before the younger ones in memory, or because there are none. */
    boolean due(boolean nothingInMemory, boolean pageDone) {
        return count > 0 && durable() > loaded && (nothingInMemory || pageDone && loaded < older);
    }

    /** Whether documents of treated messages should go now. */
    boolean tidyDue(boolean nothingInMemory) {
        return finished.size() >= PAGE || nothingInMemory && !finished.isEmpty();
    }

    private long durable() {
        return writing.isEmpty() ? next - 1 : writing.firstKey() - 1;
    }

    /** Takes the next number for {@code message}, whose write begins. */
    long reserve(Message message) {
        long number = next++;
        count++;
        begin(number);
        if (MessageClass.of(message) == MessageClass.STATUS) {
            statuses.put(statusKey(message), number);
        }
        return number;
    }

    /** The number of an older, still unread status that {@code message} replaces, whose write begins; or {@link #NONE}. */
    long reserveReplacement(Message message) {
        Long number = statuses.get(statusKey(message));
        if (number == null || number <= loaded) {
            return NONE;
        }
        begin(number);
        return number;
    }

    private void begin(long number) {
        writing.merge(number, 1, Integer::sum);
    }

    /** The write under {@code number} ended. {@code lost}: nothing was stored under it, and nothing was there before. */
    void end(long number, boolean lost) {
        writing.compute(number, (n, times) -> times == null || times == 1 ? null : times - 1);
        if (lost) {
            count--;
        }
    }

    /** Stores one message; blocks on the disk. */
    void write(DocumentStore to, long number, Message message) {
        to.put(COLLECTION, key(number), DocumentStore.ANY, MessageJson.write(message));
    }

    /** Begins a read and says up to which number; until {@link #took} nothing up to there is replaced. */
    long claim() {
        long limit = older > loaded ? Math.min(older, durable()) : durable();
        long from = loaded;
        loaded = limit;
        return from;
    }

    /** Takes an errand back that failed; {@code from} is {@link #NONE} when it was not to read. */
    void undo(List<Long> notDeleted, long from) {
        finished.addAll(notDeleted);
        loaded = from == NONE ? loaded : from;
    }

    /** Reads the documents after {@code from}; blocks on the disk. */
    List<Document> read(DocumentStore source, long from) {
        return source.list(COLLECTION, prefix, key(from), PAGE);
    }

    /** Takes over what was read under the claim. */
    List<Item.Letter> took(List<Document> page, long from) {
        long limit = loaded;
        long last = from;
        int read = 0;
        List<Item.Letter> letters = new ArrayList<>(page.size());
        for (Document document : page) {
            long number = number(document);
            if (number > limit) {
                break;
            }
            last = number;
            read++;
            try {
                letters.add(new Item.Letter(MessageJson.read(document.body()), number));
            } catch (EdgeException e) {
                LOG.error("spilled message is unreadable and lost: module={} number={}", module, number, e);
                finished.add(number);
            }
        }
        boolean more = read == PAGE;
        loaded = more ? last : limit;
        count -= read;
        if (!more) {
            // Nothing unread is left up to the limit, whatever was counted.
            count = older > limit ? count : Math.min(count, next - 1 - limit);
        }
        statuses.values().removeIf(n -> n <= loaded);
        return letters;
    }

    /** The message was handed out and treated; its document may go. */
    void finished(long number) {
        finished.add(number);
    }

    /** The numbers of the documents that may go. */
    List<Long> takeFinished() {
        List<Long> numbers = List.copyOf(finished);
        finished.clear();
        return numbers;
    }

    /** Deletes documents; blocks on the disk. */
    void delete(DocumentStore from, List<Long> numbers) {
        if (!numbers.isEmpty()) {
            from.write(deletes(numbers));
        }
    }

    private List<Change> deletes(List<Long> numbers) {
        List<Change> deletes = new ArrayList<>(numbers.size());
        numbers.forEach(n -> deletes.add(Change.delete(COLLECTION, key(n), DocumentStore.ANY)));
        return deletes;
    }

    /** Changes that put {@code letters} in front of everything unread; the caller writes them. */
    List<Change> save(List<Item.Letter> letters) {
        List<Change> changes = deletes(takeFinished());
        long first = loaded + 1;
        for (Item.Letter letter : letters) {
            first = letter.number() == NONE ? first : Math.min(first, letter.number());
        }
        long number = first - letters.size();
        for (Item.Letter letter : letters) {
            if (letter.number() != NONE) {
                changes.add(Change.delete(COLLECTION, key(letter.number()), DocumentStore.ANY));
            }
            changes.add(Change.put(COLLECTION, key(number++), DocumentStore.ANY, MessageJson.write(letter.message())));
        }
        return changes;
    }

    /** Puts messages in front of everything that is in {@code to}, in one write; blocks. */
    void putInFront(DocumentStore to, List<Message> messages) {
        long number = inspect(to).first() - messages.size();
        List<Change> changes = new ArrayList<>(messages.size());
        for (Message message : messages) {
            changes.add(Change.put(COLLECTION, key(number++), DocumentStore.ANY, MessageJson.write(message)));
        }
        to.write(changes);
    }

    /** Deletes everything of this module in the store and says how many; blocks. */
    long discard(DocumentStore from) {
        long gone = 0;
        for (List<Document> page = from.list(COLLECTION, prefix, "", 512);
                !page.isEmpty();
                page = from.list(COLLECTION, prefix, "", 512)) {
            from.write(page.stream()
                    .map(d -> Change.delete(COLLECTION, d.key(), DocumentStore.ANY))
                    .toList());
            gone += page.size();
        }
        return gone;
    }

    void forget() {
        count = 0;
        statuses.clear();
        finished.clear();
        loaded = next - 1;
    }

    private static String statusKey(Message message) {
        return message.route().source() + " " + message.route().operation() + " "
                + message.route().resource();
    }

    private String key(long number) {
        return prefix + String.format("%016x", number);
    }

    private long number(Document document) {
        return Long.parseLong(document.key().substring(module.length() + 1), 16);
    }
}
