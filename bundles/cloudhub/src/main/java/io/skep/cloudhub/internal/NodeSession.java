package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.CloudHubSettings.Delivery;
import io.skep.cloudhub.internal.HubCounters.Event;
import io.skep.cloudhub.internal.SyncRecords.Subject;
import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import io.skep.transport.Link;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;

/** One node's connection and what is on its way to it. State of the module's thread; small, there may be thousands. */
final class NodeSession {

    private static final String NODE_SEGMENT = "node";

    private final ModuleContext context;
    private final String node;
    private final Link link;
    private final HubCounters counters;
    private final boolean acknowledgesUpstream;
    private final AckQueue queue;
    private final Instant since;
    private Instant alive;
    private ModuleContext.Timer keepalive = () -> {};

    NodeSession(
            ModuleContext context,
            String node,
            Link link,
            SyncRecords records,
            Delivery settings,
            boolean ownKind,
            HubCounters counters) {
        this.context = context;
        this.node = node;
        this.link = link;
        this.counters = counters;
        this.acknowledgesUpstream = ownKind;
        this.queue =
                new AckQueue(context, records, this::transmit, settings, ownKind ? settings.window() : 1, counters);
        this.since = link.opened();
        this.alive = context.clock().instant();
    }

    String node() {
        return node;
    }

    Link link() {
        return link;
    }

    /** When the node last gave a sign of life. */
    Instant alive() {
        return alive;
    }

    void sawKeepalive() {
        alive = context.clock().instant();
    }

    void watch(ModuleContext.Timer timer) {
        keepalive = timer;
    }

    /** Whether the node wants to hear of every message what became of it, also where KubeEdge is silent. */
    boolean acknowledgesUpstream() {
        return acknowledgesUpstream;
    }

    /** Whether packages for its modules may be sent to the node. */
    boolean takesOperations() {
        return Admittance.offers(link.peer(), Admittance.MODULE_OPERATIONS);
    }

    /** Sends a message whose resource carries the node. */
    void send(Message message, DeliveryClass how) {
        if (!acknowledgesUpstream && isEventAnswer(message)) {
            return;
        }
        Message trimmed = trim(message);
        ObjectHead head = how == DeliveryClass.ACK ? Json.head(message.content().json()) : ObjectHead.NONE;
        if (how == DeliveryClass.NO_ACK || head.uid().isEmpty()) {
            // An answer that carries a failure instead of an object has no uid: sent once, the asker asks again.
            transmit(trimmed);
            return;
        }
        queue.offer(trimmed, new Subject(node, segment(message, 2), head));
    }

    /** Answers a message of the node. */
    void answer(Message request, String source, Content content) {
        reply(addressed(request.reply(source, content)));
    }

    /** Sends an answer as it is. */
    void reply(Message answer) {
        transmit(answer);
    }

    /** An answer of the group EdgeCore takes answers of, whichever it asked with. */
    static Message addressed(Message answer) {
        Route route = answer.route();
        return answer.withRoute(
                Route.of(route.source(), ModuleNames.GROUP_RESOURCE, route.operation(), route.resource()));
    }

    boolean acknowledged(String messageId) {
        return queue.acknowledged(messageId);
    }

    private void transmit(Message message) {
        counters.count(Event.SENT);
        link.send(message).whenComplete((done, failure) -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof EdgeException e && e.reason() == EdgeException.Reason.TOO_MANY_REQUESTS) {
                counters.count(Event.LINK_FULL);
            } else if (cause instanceof EdgeException e && e.reason() == EdgeException.Reason.TOO_LARGE) {
                context.execute(() -> {
                    counters.count(Event.UNDELIVERABLE);
                    queue.undeliverable(message.id());
                });
            }
        });
    }

    /** The first two segments go when the text begins with the letters {@code node} and has three segments or more. */
    static Message trim(Message message) {
        String resource = message.route().resource();
        int first = resource.indexOf('/');
        int second = first < 0 ? -1 : resource.indexOf('/', first + 1);
        boolean prefixed = resource.startsWith(NODE_SEGMENT) && second > 0;
        return prefixed ? message.withRoute(message.route().withResource(resource.substring(second + 1))) : message;
    }

    private static String segment(Message message, int index) {
        String[] parts = message.route().resource().split("/");
        return parts.length > index ? parts[index] : "";
    }

    /** For operators. */
    Map<String, Object> describe() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("node", node);
        state.put("remote", link.peer().remote().toString().replaceFirst("^/", ""));
        state.put("since", since.toString());
        state.put("queued", queue.pending() - queue.underWay());
        state.put("inFlight", queue.underWay());
        state.put("sent", link.counters().sent());
        state.put("received", link.counters().received());
        state.put("lastKeepalive", alive.toString());
        return state;
    }

    /** Ends what the session holds; the link is the caller's. */
    void end() {
        keepalive.cancel();
        queue.close();
    }

    /** KubeEdge answers no events, so its nodes don't expect it. */
    private static boolean isEventAnswer(Message message) {
        return Operation.RESPONSE.equals(message.route().operation())
                && segment(message, 3).equals("event");
    }

    /** Forgets what the node acknowledged in this session: it says that it has lost it. */
    void forgetAcknowledged() {
        queue.forgetAcknowledged();
    }
}
