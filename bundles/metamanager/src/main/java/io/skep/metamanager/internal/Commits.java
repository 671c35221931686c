package io.skep.metamanager.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.module.ModuleContext;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Writes under way, and what is to happen when they are on disk: always in the order they were submitted, on the module's
 * thread. The store flushes many of them at once.
 */
final class Commits {

    private record Pending(CompletableFuture<?> write, Consumer<Optional<EdgeException>> then) {}

    private final ModuleContext context;
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();

    Commits(ModuleContext context) {
        this.context = context;
    }

    /**
     * Waits, without a thread, for a write.
     *
     * @param then told why it failed, or nothing when it is on disk
     */
    void await(CompletionStage<?> write, Consumer<Optional<EdgeException>> then) {
        pending.add(new Pending(write.toCompletableFuture(), then));
        write.whenComplete((result, failure) -> context.execute(this::drain));
    }

    private void drain() {
        while (!pending.isEmpty() && pending.peek().write().isDone()) {
            end(pending.poll(), Duration.ZERO);
        }
    }

    /** Writes that are not on disk yet. */
    int size() {
        return pending.size();
    }

    /** Waits for all writes, at most so long in all; those that take longer end as failed. */
    void settle(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        while (!pending.isEmpty()) {
            end(pending.poll(), Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
    }

    private static void end(Pending one, Duration limit) {
        Optional<EdgeException> failure;
        try {
            one.write().get(limit.toNanos(), TimeUnit.NANOSECONDS);
            failure = Optional.empty();
        } catch (ExecutionException e) {
            failure = Optional.of(Rows.failure(e.getCause()));
        } catch (TimeoutException e) {
            failure = Optional.of(
                    new EdgeException(EdgeException.Reason.TIMEOUT, "the store did not write within " + limit, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = Optional.of(
                    new EdgeException(EdgeException.Reason.SERVICE_UNAVAILABLE, "stopped while writing", e));
        }
        one.then().accept(failure);
    }
}
