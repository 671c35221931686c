package io.skep.metamanager.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleContext;
import io.skep.core.api.module.ModuleNames;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the cloud is connected, as EdgeHub says: asked at start, told afterwards. */
final class Link {

    private static final Logger LOG = LoggerFactory.getLogger(Link.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private volatile boolean connected;
    private boolean told;

    /** Asks EdgeHub, unless it said something in the meantime; an EdgeHub that starts later tells by itself. */
    void ask(ModuleContext context, Runnable changed) {
        Route route =
                Route.of(ModuleNames.META_MANAGER, ModuleNames.GROUP_HUB, Operation.QUERY, ModuleNames.NODE_CONNECTION);
        context.bus()
                .request(ModuleNames.EDGE_HUB, Message.of(route, Content.EMPTY), PATIENCE)
                .whenComplete((reply, failure) -> {
                    if (failure == null) {
                        context.execute(() -> answered(reply, changed));
                    }
                });
    }

    private void answered(Message reply, Runnable changed) {
        if (!told && !reply.isError()) {
            set(reply, changed);
        }
    }

    /** Takes EdgeHub's word. */
    void told(Message message, Runnable changed) {
        told = true;
        set(message, changed);
    }

    private void set(Message message, Runnable changed) {
        boolean now = ModuleNames.CLOUD_CONNECTED.equals(message.content().json());
        if (now != connected) {
            connected = now;
            LOG.debug("cloud link: connected={}", now);
            changed.run();
        }
    }

    /** Any thread. */
    boolean connected() {
        return connected;
    }
}
