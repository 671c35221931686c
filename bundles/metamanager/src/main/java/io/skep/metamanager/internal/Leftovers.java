package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Header;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.Handover;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a MetaManager leaves to its successor: messages that full mailboxes refused, and questions the cloud has not
 * answered. Everything else is in the store.
 */
record Leftovers(List<Outgoing.Unsent> unsent, List<Message> unanswered) {

    private static final int VERSION = 1;

    Leftovers {
        unsent = List.copyOf(unsent);
        unanswered = List.copyOf(unanswered);
    }

    /**
     * Unpacks a handover.
     *
     * @throws EdgeException {@code INVALID} for a version this class does not know
     */
    static Leftovers of(Handover handover) {
        if (handover.isEmpty()) {
            return new Leftovers(List.of(), List.of());
        }
        if (handover.version() != VERSION) {
            throw new EdgeException(
                    Reason.INVALID, "handover of version " + handover.version() + ", known is " + VERSION);
        }
        List<Outgoing.Unsent> unsent = new ArrayList<>();
        List<Message> unanswered = new ArrayList<>();
        for (Object item : (List<?>) Json.read(handover.state())) {
            Map<?, ?> fields = (Map<?, ?>) item;
            String receiver = text(fields, "receiver");
            if (receiver.isEmpty()) {
                unanswered.add(message(fields));
            } else {
                unsent.add(new Outgoing.Unsent(receiver, message(fields)));
            }
        }
        return new Leftovers(unsent, unanswered);
    }

    Handover handover() {
        if (unsent.isEmpty() && unanswered.isEmpty()) {
            return Handover.NONE;
        }
        List<Object> items = new ArrayList<>();
        unsent.forEach(one -> items.add(fields(one.receiver(), one.message())));
        unanswered.forEach(message -> items.add(fields("", message)));
        return new Handover(VERSION, Json.write(items));
    }

    private static Map<String, Object> fields(String receiver, Message message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("receiver", receiver);
        fields.put("id", message.id());
        fields.put("parent", message.parentId());
        fields.put("created", message.header().created().toString());
        fields.put("resourceVersion", message.header().resourceVersion());
        fields.put("sync", message.header().sync());
        fields.put("type", message.header().type());
        fields.put("source", message.route().source());
        fields.put("destination", message.route().destination());
        fields.put("group", message.route().group());
        fields.put("operation", message.route().operation());
        fields.put("resource", message.route().resource());
        fields.put("content", message.content().json());
        return fields;
    }

    private static Message message(Map<?, ?> fields) {
        Header header = new Header(
                text(fields, "id"),
                text(fields, "parent"),
                Instant.parse(text(fields, "created")),
                text(fields, "resourceVersion"),
                Boolean.TRUE.equals(fields.get("sync")),
                text(fields, "type"));
        Route route = new Route(
                text(fields, "source"),
                text(fields, "destination"),
                text(fields, "group"),
                text(fields, "operation"),
                text(fields, "resource"));
        String json = text(fields, "content");
        return new Message(header, route, "null".equals(json) ? Content.EMPTY : new Content.Json(json));
    }

    private static String text(Map<?, ?> fields, String name) {
        return fields.get(name) instanceof String text ? text : "";
    }
}
