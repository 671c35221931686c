package io.skep.edgehub.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Message;
import io.skep.core.api.module.ModuleContext;
import io.skep.transport.Link;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Sends on whatever link there is at the moment: at once, or as soon as the configured rate allows. Without a link the stage
 * fails with {@code SERVICE_UNAVAILABLE}. Belongs to the module's thread.
 */
final class PacedUplink implements Uplink {

    private final Supplier<Optional<Link>> link;
    private final Pace pace;
    private final ModuleContext context;

    PacedUplink(Supplier<Optional<Link>> link, Pace pace, ModuleContext context) {
        this.link = link;
        this.pace = pace;
        this.context = context;
    }

    @Override
    public CompletionStage<Void> send(Message message) {
        Optional<Link> now = link.get();
        if (now.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new EdgeException(Reason.SERVICE_UNAVAILABLE, "not connected to the cloud"));
        }
        Duration wait = pace.take(context.clock().instant());
        return wait.isZero() ? now.get().send(message) : sendAfter(wait, message);
    }

    private CompletionStage<Void> sendAfter(Duration wait, Message message) {
        CompletableFuture<Void> later = new CompletableFuture<>();
        context.after(
                wait,
                () -> send(message).whenComplete((nothing, failure) -> {
                    if (failure == null) {
                        later.complete(null);
                    } else {
                        later.completeExceptionally(failure);
                    }
                }));
        return later;
    }
}
