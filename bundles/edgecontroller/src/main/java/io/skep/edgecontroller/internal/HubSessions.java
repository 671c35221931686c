package io.skep.edgecontroller.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** How a module learns which nodes are connected: it asks the hub once, and hears of every change. */
public final class HubSessions {

    private static final Duration ASK_LIMIT = Duration.ofSeconds(10);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(1);
    private static final String NODE = "node/";
    private static final String CONNECTION = "/connection";

    /** A node came or went. */
    public record Notice(String node, boolean connected) {}

    private HubSessions() {}

    /**
     * Asks for the sessions the hub has had since before the module started, until it tells.
     *
     * @param connected hears each node, on the module's thread
     */
    public static void ask(ModuleContext context, Consumer<String> connected) {
        Route question = Route.of(context.module(), ModuleNames.CLOUD_HUB, Operation.QUERY, "sessions");
        context.bus()
                .request(ModuleNames.CLOUD_HUB, Message.of(question, Content.EMPTY), ASK_LIMIT)
                .whenComplete((answer, failure) -> context.execute(() -> {
                    if (failure == null && !answer.isError()) {
                        Json.objects(answer.content()).forEach(s -> connected.accept(s.text("node")));
                    } else {
                        // It may be just being replaced, too; until it tells, its nodes hear of no change.
                        context.after(ASK_AGAIN, () -> ask(context, connected));
                    }
                }));
    }

    /** What the hub says of a node's session, or empty when the message is about something else. */
    public static Optional<Notice> notice(Message message) {
        String resource = message.route().resource();
        if (!Operation.CONNECT.equals(message.route().operation())
                || !ModuleNames.CLOUD_HUB.equals(message.route().source())
                || !resource.startsWith(NODE)
                || !resource.endsWith(CONNECTION)) {
            return Optional.empty();
        }
        String node = resource.substring(NODE.length(), resource.length() - CONNECTION.length());
        return Optional.of(new Notice(
                node, ModuleNames.CLOUD_CONNECTED.equals(message.content().json())));
    }
}
