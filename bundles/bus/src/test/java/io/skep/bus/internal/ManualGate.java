package io.skep.bus.internal;

import static io.skep.bus.internal.Eventually.until;

import io.skep.bus.internal.host.Gate;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A gate whose time stands still until the test lets it pass. */
final class ManualGate {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final AtomicLong nanos = new AtomicLong();

    Gate gate() {
        return new Gate(LIMIT, nanos::get);
    }

    /** Lets whatever is at the gate fail there, until {@code operation} has ended. */
    void fail(CompletableFuture<?> operation) {
        until("ended", () -> {
            nanos.addAndGet(LIMIT.toNanos());
            return operation.isDone();
        });
    }
}
