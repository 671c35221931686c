package io.skep.edgehub.internal;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Messages of the cloud on their way to whom they are for. A receiver without room is tried again for a while, and the link
 * is not read meanwhile. Belongs to the module's thread.
 */
final class Deliveries {

    private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);
    private static final Duration RETRY = Duration.ofMillis(100);
    private static final int MAX_TRIES = 50;

    private final Inbound inbound;
    private final ModuleContext context;
    private final Runnable unclaimed;

    /** @param unclaimed told of each message that nobody took */
    Deliveries(Inbound inbound, ModuleContext context, Runnable unclaimed) {
        this.inbound = inbound;
        this.context = context;
        this.unclaimed = unclaimed;
    }

    /** Hands a message on; the stage ends when it was taken or given up. */
    CompletionStage<Void> begin(Message message) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        deliver(message, done, 1);
        return done;
    }

    private void deliver(Message message, CompletableFuture<Void> done, int attempt) {
        Delivery delivery = dispatch(message);
        if (delivery == Delivery.REFUSED && attempt < MAX_TRIES) {
            context.after(RETRY, () -> deliver(message, done, attempt + 1));
            return;
        }
        if (!delivery.taken()) {
            unclaimed.run();
            LOG.debug(
                    "message from the cloud not taken: msg={} route={} delivery={}",
                    message.id(),
                    message.route(),
                    delivery);
        }
        done.complete(null);
    }

    private Delivery dispatch(Message message) {
        try {
            return inbound.dispatch(message);
        } catch (RuntimeException e) {
            LOG.error(
                    "message from the cloud not delivered: msg={} resource={}",
                    message.id(),
                    message.route().resource(),
                    e);
            return Delivery.DROPPED;
        }
    }
}
