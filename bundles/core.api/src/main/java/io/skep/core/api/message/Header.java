package io.skep.core.api.message;

import java.time.Instant;
import java.util.Objects;

/**
 * Who a message is, apart from what it says.
 *
 * @param id unique per message, never re-used; on the wire {@code msg_id}
 * @param parentId id of the message this one answers, or {@code ""} when it answers none
 * @param created when the sender built it; on the wire, milliseconds since the epoch
 * @param resourceVersion decimal resourceVersion of the object in the content, or {@code ""}
 * @param sync true while a requester waits for the answer inside this process; never set on the hub's wire
 * @param type in-process transport as beehive names it, normally {@code ""}; kept so that a message survives a round trip
 */
public record Header(String id, String parentId, Instant created, String resourceVersion, boolean sync, String type) {

    public Header {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(parentId, "parentId");
        Objects.requireNonNull(created, "created");
        Objects.requireNonNull(resourceVersion, "resourceVersion");
        Objects.requireNonNull(type, "type");
    }

    /** A new identity, created now, that answers {@code parentId} ({@code ""} for none). */
    public static Header create(String parentId) {
        return new Header(MessageIds.next(), parentId, Instant.now(), "", false, "");
    }

    /** The same header with another resource version. */
    public Header withResourceVersion(String version) {
        return new Header(id, parentId, created, version, sync, type);
    }

    /** The same header with {@code sync} set or cleared. */
    public Header withSync(boolean value) {
        return new Header(id, parentId, created, resourceVersion, value, type);
    }
}
