package io.skep.bus.internal.mail;

import io.skep.core.api.message.Message;
import java.util.Set;

/** What happens to a message that finds its mailbox full, by what it is about. */
public enum MessageClass {
    /** Somebody waits for the answer: refused at once, so that the waiter knows. */
    REQUEST,
    /** The state of one resource: replaces an older one of the same resource. */
    STATUS,
    /** Everything else: kept in the store, in order. */
    OTHER;

    private static final Set<String> STATUS_TYPES = Set.of("podpatch", "podstatus", "nodepatch", "nodestatus", "lease");

    /** The class of {@code message}. */
    public static MessageClass of(Message message) {
        if (message.header().sync()) {
            return REQUEST;
        }
        return !message.isReply() && STATUS_TYPES.contains(type(message.route().resource())) ? STATUS : OTHER;
    }

    /** Whether {@code newer} says all that {@code older} said: a status of the same resource by the same sender. */
    static boolean replaces(Message newer, Message older) {
        return newer.route().equals(older.route()) && of(older) == STATUS;
    }

    // The type follows the namespace; inside the cloud "node/<node>/" stands in front of both.
    private static String type(String resource) {
        int start = resource.indexOf('/') + 1;
        if (resource.startsWith("node/")
                && resource.chars().filter(c -> c == '/').count() >= 3) {
            start = resource.indexOf('/', resource.indexOf('/', start) + 1) + 1;
        }
        int end = resource.indexOf('/', start);
        return resource.substring(start, end < 0 ? resource.length() : end);
    }
}
