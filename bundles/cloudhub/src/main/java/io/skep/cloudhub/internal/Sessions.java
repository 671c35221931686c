package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.HubCounters.Event;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.transport.Link;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The nodes that are connected. State of the module's thread, but {@link #hasRoomFor}, which any thread may ask. */
final class Sessions {

    static final String FULL = "the limit of connected nodes is reached";

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final Duration NO_ROOM_PAUSE = Duration.ofMillis(100);
    private static final List<String> CONTROLLERS =
            List.of(ModuleNames.EDGE_CONTROLLER, ModuleNames.DYNAMIC_CONTROLLER);

    private final ModuleContext context;
    private final SyncRecords records;
    private final CloudHubSettings settings;
    private final HubCounters counters;
    private final Map<String, NodeSession> byNode = new ConcurrentSkipListMap<>();

    private boolean stopped;

    Sessions(ModuleContext context, SyncRecords records, CloudHubSettings settings, HubCounters counters) {
        this.context = context;
        this.records = records;
        this.settings = settings;
        this.counters = counters;
    }

    /** Whether a node may come in, or come in again. */
    boolean hasRoomFor(String node) {
        return byNode.size() < settings.nodeLimit() || byNode.containsKey(node);
    }

    /** A node's link is there; of two links of a node the newer one wins. */
    void begin(String node, Link link, boolean ownKind) {
        NodeSession old = byNode.get(node);
        if (old != null && old.link().number() > link.number()) {
            link.close("a newer connection of node " + node + " is there");
            return;
        }
        if (!hasRoomFor(node)) {
            link.close(FULL);
            return;
        }
        if (old != null) {
            counters.count(Event.REPLACED);
            LOG.warn(
                    "session replaced: node={} old={} new={}",
                    node,
                    old.link().peer().remote(),
                    link.peer().remote());
            old.end();
            old.link()
                    .close("another connection of node " + node + " came from "
                            + link.peer().remote() + " and replaced this one");
        }
        NodeSession session = new NodeSession(context, node, link, records, settings.delivery(), ownKind, counters);
        byNode.put(node, session);
        counters.sessions(byNode.size());
        watch(session, settings.keepalive());
        LOG.info("node connected: node={} remote={}", node, link.peer().remote());
        tellControllers(node, ModuleNames.CLOUD_CONNECTED);
    }

    /** A link is closed. */
    void ended(String node, Link link, String reason) {
        NodeSession session = byNode.get(node);
        if (session != null && session.link() == link) {
            byNode.remove(node);
            counters.sessions(byNode.size());
            session.end();
            LOG.info("node disconnected: node={} reason={}", node, reason);
            tellControllers(node, ModuleNames.CLOUD_DISCONNECTED);
        }
    }

    private void tellControllers(String node, String state) {
        CONTROLLERS.forEach(controller -> tell(controller, node, state));
    }

    /** A controller must hear of it: it sends only to nodes it knows to be connected. */
    private void tell(String controller, String node, String state) {
        boolean isTrue = byNode.containsKey(node) == state.equals(ModuleNames.CLOUD_CONNECTED);
        if (!stopped && isTrue && notice(controller, node, state) == Delivery.REFUSED) {
            context.after(NO_ROOM_PAUSE, () -> tell(controller, node, state));
        }
    }

    private Delivery notice(String controller, String node, String state) {
        Route route = Route.of(ModuleNames.CLOUD_HUB, controller, Operation.CONNECT, "node/" + node + "/connection");
        return context.bus().send(controller, Message.of(route, new Content.Json(state)));
    }

    /** The session on this very link. */
    Optional<NodeSession> find(String node, Link link) {
        return Optional.ofNullable(byNode.get(node)).filter(s -> s.link() == link);
    }

    /** A message for a node; its resource is {@code node/<node>/…}. */
    void send(Message message) {
        String node = nodeOf(message.route().resource());
        NodeSession session = byNode.get(node);
        if (session == null) {
            counters.count(Event.NO_SESSION);
            refuse(
                    message,
                    Reason.SERVICE_UNAVAILABLE,
                    node.isEmpty() ? "no node in " + message.route().resource() : "node " + node + " is not connected");
            return;
        }
        if (message.route().group().equals(ModuleNames.GROUP_OPERATIONS) && !session.takesOperations()) {
            refuse(
                    message,
                    Reason.BAD_REQUEST,
                    "node " + node + " takes no module operations: it is no Skep node, or an older one");
            return;
        }
        DeliveryClass how = DeliveryClass.of(message);
        if (how == DeliveryClass.END_SESSION) {
            session.link().close("node " + node + " was deleted from the cluster");
        } else {
            session.send(message, how);
        }
    }

    private void refuse(Message message, Reason reason, String why) {
        if (message.header().sync()) {
            context.bus().sendResp(message.error(ModuleNames.CLOUD_HUB, new EdgeException(reason, why)));
        }
    }

    private static String nodeOf(String resource) {
        String[] parts = resource.split("/", 3);
        return parts.length == 3 && parts[0].equals("node") ? parts[1] : "";
    }

    /** One timer a session; a keepalive only moves the time it finds. */
    private void watch(NodeSession session, Duration delay) {
        session.watch(context.after(delay, () -> {
            Instant now = context.clock().instant();
            Duration silent = Duration.between(session.alive(), now);
            if (silent.compareTo(settings.keepalive()) < 0) {
                watch(session, settings.keepalive().minus(silent));
                return;
            }
            counters.count(Event.SILENT);
            session.link().close("no keepalive for " + settings.keepalive().toSeconds() + " s");
        }));
    }

    List<Map<String, Object>> describe() {
        List<Map<String, Object>> all = new ArrayList<>();
        byNode.values().forEach(s -> all.add(s.describe()));
        return all;
    }

    /** Forgets all sessions and leaves their links to whoever owns them. */
    void stop() {
        stopped = true;
        byNode.values().forEach(NodeSession::end);
        byNode.clear();
        counters.sessions(0);
    }
}
