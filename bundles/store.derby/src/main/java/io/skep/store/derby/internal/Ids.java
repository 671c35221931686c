package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.DocumentStore;

/**
 * Collection and key as the one string that is the table's primary key: {@code collection NUL key NUL}. The closing NUL is
 * there because SQL compares strings as if the shorter one were filled with blanks: without it {@code "a"} and
 * {@code "a "} would be one key.
 */
final class Ids {

    /** Longest id, in characters; with one more for {@link #lower}. */
    static final int MAX = DocumentStore.MAX_COLLECTION + DocumentStore.MAX_KEY + 3;

    private static final char END = '\0';
    private static final char LAST = '\uffff';

    private Ids() {}

    static String id(String collection, String key) {
        return collection + END + key + END;
    }

    /** At most the id of any key that starts with {@code prefix} and is greater than {@code after}, above all others. */
    static String lower(String collection, String prefix, String after) {
        boolean fromTheStart = after.isEmpty() || after.compareTo(prefix) < 0;
        return fromTheStart ? id(collection, prefix) : id(collection, after) + LAST;
    }

    /** At least the id of any key that starts with {@code prefix}, below all others: as long as an id can be. */
    static String upper(String collection, String prefix) {
        String start = collection + END + prefix;
        return start + String.valueOf(LAST).repeat(Math.max(0, MAX - start.length()));
    }

    /** Whether a key may start with {@code prefix}, in such a collection. */
    static boolean possible(String collection, String prefix) {
        return collection.length() <= DocumentStore.MAX_COLLECTION
                && prefix.length() <= DocumentStore.MAX_KEY
                && collection.indexOf(END) < 0
                && prefix.indexOf(END) < 0;
    }

    static String key(String id) {
        return id.substring(id.indexOf(END) + 1, id.length() - 1);
    }

    /** Throws {@code INVALID} for what the store can't hold. */
    static void check(Change change) {
        check(change.collection(), "collection", DocumentStore.MAX_COLLECTION);
        check(change.key(), "key", DocumentStore.MAX_KEY);
        String body = change.body().orElse("");
        if (body.length() > DocumentStore.MAX_BODY_BYTES / 3 && utf8Bytes(body) > DocumentStore.MAX_BODY_BYTES) {
            throw new EdgeException(
                    Reason.INVALID,
                    "body of " + change.collection() + "/" + change.key() + " is larger than "
                            + DocumentStore.MAX_BODY_BYTES + " bytes");
        }
    }

    private static void check(String text, String what, int longest) {
        if (text.length() > longest || text.indexOf(END) >= 0) {
            throw new EdgeException(
                    Reason.INVALID,
                    what + " must be at most " + longest + " characters without NUL, is " + text.length()
                            + " characters");
        }
    }

    private static long utf8Bytes(String text) {
        long bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A surrogate pair takes four bytes, hence each half two.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
