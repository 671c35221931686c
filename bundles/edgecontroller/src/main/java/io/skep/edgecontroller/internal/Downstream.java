package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The nodes that have a session, and what was handed to the hub for them. State of the module's thread. What is sent to a
 * node without a session would be lost: it is not sent, the comparison on connect makes up for it.
 */
final class Downstream {

    private record Sent(String what, Instant at) {}

    private final ModuleContext context;
    private final Duration resendAfter;
    private final Counters counters;
    private final Set<String> connected = new HashSet<>();
    private final Map<String, Map<String, Sent>> unacknowledged = new HashMap<>();

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

    /** Hands a message to the hub. */
    boolean handOver(Message message) {
        boolean taken = context.bus().send(ModuleNames.CLOUD_HUB, message).taken();
        if (taken) {
            counters.pushed(message.route().operation());
        } else {
            counters.refused();
        }
        return taken;
    }

    private static String what(Message message) {
        return Operation.DELETE.equals(message.route().operation())
                ? Operation.DELETE
                : message.header().resourceVersion();
    }
}
