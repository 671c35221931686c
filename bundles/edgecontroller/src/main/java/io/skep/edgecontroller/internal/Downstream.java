package io.skep.edgecontroller.internal;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The nodes that have a session, and what was handed to the hub for them. State of the module's thread. What is sent to a
 * node without a session would be lost: it is not sent, the comparison on connect makes up for it.
 */
final class Downstream {

    private record Sent(String what, Instant at) {}

    private static final Duration NO_ROOM_PAUSE = Duration.ofMillis(100);
    private static final int MOST_ATTEMPTS = 100;
    private static final int MOST_WAITING = 8192;

    private final ModuleContext context;
    private final Duration resendAfter;
    private final Counters counters;
    private final Set<String> connected = new HashSet<>();
    private final Map<String, Map<String, Sent>> unacknowledged = new HashMap<>();

    private final Map<String, Message> waiting = new LinkedHashMap<>();

    Downstream(ModuleContext context, Duration resendAfter, Counters counters) {
        this.context = context;
        this.resendAfter = resendAfter;
        this.counters = counters;
    }

    /** Set of nodes with a session, live view. */
    Set<String> connected() {
        return connected;
    }

    void connected(String node) {
        connected.add(node);
        unacknowledged.remove(node);
        counters.connected(connected.size());
    }

    void disconnected(String node) {
        connected.remove(node);
        unacknowledged.remove(node);
        counters.connected(connected.size());
    }

    /** Sends a change of an object as it happens. */
    void send(String node, String uid, Message message) {
        if (connected.contains(node) && handOver(message)) {
            unacknowledged
                    .computeIfAbsent(node, n -> new HashMap<>())
                    .put(uid, new Sent(what(message), context.clock().instant()));
        }
    }

    /** Sends what a comparison found missing, unless the same is on its way already. */
    void repair(String node, String uid, Message message) {
        Sent before = unacknowledged.getOrDefault(node, Map.of()).get(uid);
        boolean underWay = before != null
                && before.what().equals(what(message))
                && before.at().plus(resendAfter).isAfter(context.clock().instant());
        if (!underWay) {
            send(node, uid, message);
        }
    }

    /** The node's record of an object changed: it acknowledged something. */
    void acknowledged(String node, String uid) {
        Map<String, Sent> sent = unacknowledged.get(node);
        if (sent != null && sent.remove(uid) != null && sent.isEmpty()) {
            unacknowledged.remove(node);
        }
    }

    /** Hands a message to the hub; what isn't taken is found missing by the next comparison. */
    private boolean handOver(Message message) {
        boolean taken = offer(message).taken();
        if (!taken) {
            counters.refused();
        }
        return taken;
    }

    private Delivery offer(Message message) {
        Delivery delivery = context.bus().send(ModuleNames.CLOUD_HUB, message);
        if (delivery.taken()) {
            counters.pushed(message.route().operation());
        }
        return delivery;
    }

    /** Sends what nothing else makes up for, an answer say: tried again for a while when the hub has no room. */
    void deliver(Message message) {
        deliver(message, 1);
    }

    /** Answers that wait for room. */
    List<Message> waiting() {
        return List.copyOf(waiting.values());
    }

    private void deliver(Message message, int attempt) {
        Delivery delivery = offer(message);
        if (delivery == Delivery.REFUSED && attempt < MOST_ATTEMPTS && waiting.size() < MOST_WAITING) {
            waiting.put(message.id(), message);
            context.after(NO_ROOM_PAUSE, () -> {
                waiting.remove(message.id());
                deliver(message, attempt + 1);
            });
        } else if (!delivery.taken()) {
            counters.refused();
        }
    }

    private static String what(Message message) {
        return Operation.DELETE.equals(message.route().operation())
                ? Operation.DELETE
                : message.header().resourceVersion();
    }
}
