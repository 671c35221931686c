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
 * The books of what one mailbox has in the store: which numbers are given, written, read and done with. It never calls the
 * store, {@link StoredMail} does that. Guarded by the mailbox's lock.
 *
 * <p>Numbers are given in order, but the writes end in any order. A reader therefore reads only up to {@link #durable},
 * behind which no write is under way.
 */
final class Spill {

    private static final Logger LOG = LoggerFactory.getLogger(Spill.class);

    /** Number of a message that is not in the store. */
    static final long NONE = -1;

    private final String module;
    private final StoredMail mail;
    private final TreeMap<Long, Integer> writing = new TreeMap<>();
    private final Map<String, Long> statuses = new HashMap<>();
    private final List<Long> finished = new ArrayList<>();
    private DocumentStore store;
    private long next = StoredMail.FIRST;
    private long loaded = StoredMail.FIRST - 1;
    private long older = NONE;
    private long count;

    Spill(String module, StoredMail mail) {
        this.module = module;
        this.mail = mail;
    }

    /** Begins to use the store. {@code behind}: there are messages in memory that are younger than what was found. */
    void attach(StoredMail.Found found, boolean behind) {
        store = found.store();
        boolean fresh = next == StoredMail.FIRST && count == 0;
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
        return store != null && count <= StoredMail.PAGE;
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
        return finished.size() >= StoredMail.PAGE || nothingInMemory && !finished.isEmpty();
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

    /** Takes over what was read under the claim. */
    List<Item.Letter> took(List<Document> page, long from) {
        long limit = loaded;
        long last = from;
        int read = 0;
        List<Item.Letter> letters = new ArrayList<>(page.size());
        for (Document document : page) {
            long number = mail.number(document);
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
        boolean more = read == StoredMail.PAGE;
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

    /** Changes that put {@code letters} in front of everything unread; the caller writes them. */
    List<Change> save(List<Item.Letter> letters) {
        List<Change> changes = new ArrayList<>();
        takeFinished().forEach(treated -> changes.add(mail.delete(treated)));
        long first = loaded + 1;
        for (Item.Letter letter : letters) {
            first = letter.number() == NONE ? first : Math.min(first, letter.number());
        }
        long number = first - letters.size();
        for (Item.Letter letter : letters) {
            if (letter.number() != NONE) {
                changes.add(mail.delete(letter.number()));
            }
            changes.add(mail.put(number++, letter.message()));
        }
        return changes;
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
}
