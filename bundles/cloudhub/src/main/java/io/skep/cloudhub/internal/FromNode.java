package io.skep.cloudhub.internal;

import io.skep.cloudhub.internal.HubCounters.Event;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sorts what nodes send: for the hub itself, for a module, or for nobody. Runs on the module's thread.
 *
 * <p>Source: KubeEdge v1.22 {@code cloud/pkg/cloudhub/dispatcher/message_dispatcher.go}.
 */
final class FromNode {

    private static final Logger LOG = LoggerFactory.getLogger(FromNode.class);
    private static final Pattern VOLUME = Pattern.compile("^\\w[-\\w.+]*/volume/\\w[-\\w.+]*");
    private static final String AUTHORITY = "k8s/ca.crt";
    private static final Set<String> TASK_OPERATIONS = Set.of("prepull", "upgrade", "UpdateNodeActionStatus");
    private static final Set<String> CLOUD_SOURCES = Set.of(
            ModuleNames.CLOUD_HUB,
            ModuleNames.CLOUD_STREAM,
            ModuleNames.DEVICE_CONTROLLER,
            ModuleNames.DYNAMIC_CONTROLLER,
            ModuleNames.EDGE_CONTROLLER,
            "synccontroller");

    private final ModuleContext context;
    private final ClusterAuthority authority;
    private final HubCounters counters;

    FromNode(ModuleContext context, ClusterAuthority authority, HubCounters counters) {
        this.context = context;
        this.authority = authority;
        this.counters = counters;
    }

    /**
     * Treats a message.
     *
     * @return false when its receiver has no room now: offer it again a little later and read nothing more meanwhile
     */
    boolean receive(NodeSession session, Message message) {
        String operation = message.route().operation();
        String resource = message.route().resource();
        if (operation.equals(Operation.KEEPALIVE)) {
            session.sawKeepalive();
        } else if (operation.isEmpty()) {
            // EdgeCore sends one such, empty throughout, when it is stopped.
            counters.count(Event.IGNORED);
        } else if (VOLUME.matcher(resource).find()) {
            context.bus().sendResp(message);
        } else if (message.route().group().equals(ModuleNames.GROUP_OPERATIONS)) {
            answer(session, message);
        } else if (operation.equals(Operation.RESPONSE)) {
            acknowledge(session, message);
        } else if (operation.equals(Operation.ERROR)) {
            counters.count(Event.IGNORED);
            LOG.debug("node reports an error: node={} parent={}", session.node(), message.parentId());
        } else if (resource.equals(AUTHORITY)) {
            authority.ask(pem -> session.answer(message, ModuleNames.CLOUD_HUB, new Content.Json(Json.text(pem))));
        } else {
            return pass(session, message);
        }
        return true;
    }

    /** A node also confirms answers that nobody waits to hear confirmed. */
    private void acknowledge(NodeSession session, Message message) {
        if (!session.acknowledged(message.parentId())) {
            counters.count(Event.IGNORED);
        }
    }

    /** The answer names its node, so that none can answer for another. */
    private void answer(NodeSession session, Message message) {
        if (!message.isReply() || !session.takesOperations()) {
            counters.count(Event.IGNORED);
            return;
        }
        counters.count(Event.RECEIVED);
        String named = "node/" + session.node() + "/" + message.route().resource();
        context.bus().sendResp(message.withRoute(message.route().withResource(named)));
    }

    private boolean pass(NodeSession session, Message message) {
        String module = receiver(message);
        if (module.isEmpty()) {
            counters.count(Event.IGNORED);
            LOG.debug(
                    "source of the cloud's own: node={} source={}",
                    session.node(),
                    message.route().source());
            taken(session, message);
            return true;
        }
        if (message.route().resource().endsWith("/podlist")) {
            session.forgetAcknowledged();
        }
        String resource = "node/" + session.node() + "/" + message.route().resource();
        Delivery delivery =
                context.bus().send(module, message.withRoute(message.route().withResource(resource)));
        if (delivery.taken()) {
            counters.count(Event.RECEIVED);
            taken(session, message);
            return true;
        }
        if (delivery == Delivery.REFUSED) {
            return false;
        }
        counters.count(Event.UNSUPPORTED);
        LOG.debug("no such module: node={} module={} msg={}", session.node(), module, message.id());
        if (session.acknowledgesUpstream() || isAwaited(message)) {
            EdgeException why =
                    new EdgeException(Reason.BAD_REQUEST, "not supported yet: there is no " + module + " here");
            session.reply(NodeSession.addressed(message.error(ModuleNames.CLOUD_HUB, why)));
        }
        return true;
    }

    /** EdgeCore's DeviceTwin never waits for an answer, and logs each that comes as a fault. */
    private static boolean isAwaited(Message message) {
        return !isUnanswered(message) && !message.route().source().equals(ModuleNames.DEVICE_TWIN);
    }

    /** What no module answers: data for applications, reports of tasks and of devices. */
    private static boolean isUnanswered(Message message) {
        String operation = message.route().operation();
        return operation.equals(Operation.UPLOAD)
                || TASK_OPERATIONS.contains(operation)
                || CLOUD_SOURCES.contains(message.route().source())
                || message.route().source().equals(ModuleNames.DEVICE_TWIN) && operation.equals(Operation.UPDATE);
    }

    private static void taken(NodeSession session, Message message) {
        if (session.acknowledgesUpstream() && isUnanswered(message)) {
            session.answer(message, ModuleNames.CLOUD_HUB, Content.OK);
        }
    }

    /** The module a message is for, or {@code ""} for one that pretends to come from the cloud. */
    private static String receiver(Message message) {
        String operation = message.route().operation();
        String source = message.route().source();
        if (operation.equals(Operation.UPLOAD) && message.route().group().equals(ModuleNames.GROUP_USER)) {
            return ModuleNames.ROUTER;
        }
        if (TASK_OPERATIONS.contains(operation)) {
            return ModuleNames.TASK_MANAGER;
        }
        if (CLOUD_SOURCES.contains(source)) {
            return "";
        }
        return switch (source) {
            case ModuleNames.META_SERVER -> ModuleNames.DYNAMIC_CONTROLLER;
            case ModuleNames.DEVICE_TWIN -> ModuleNames.DEVICE_CONTROLLER;
            default -> ModuleNames.EDGE_CONTROLLER;
        };
    }
}
