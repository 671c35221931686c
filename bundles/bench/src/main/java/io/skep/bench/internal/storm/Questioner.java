package io.skep.bench.internal.storm;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Asks a module at an even pace, whether earlier questions are answered or not. A question ends with an answer, or refused
 * at once by a mailbox that is full; all else is a fault.
 */
final class Questioner {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MOST_OPEN = 10_000;
    private static final long NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final MessageBus bus;
    private final String module;
    private final String resource;
    private final long pauseNanos;
    private final Semaphore open = new Semaphore(MOST_OPEN);
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();
    private final AtomicLong longestMillis = new AtomicLong();
    private volatile long asked;
    private volatile String failure = "";

    Questioner(MessageBus bus, String module, String resource, int questionsASecond) {
        this.bus = bus;
        this.module = module;
        this.resource = resource;
        this.pauseNanos = TimeUnit.SECONDS.toNanos(1) / questionsASecond;
    }

    void run(BooleanSupplier goesOn) {
        while (goesOn.getAsBoolean()) {
            ask();
            LockSupport.parkNanos(pauseNanos);
        }
        try {
            open.tryAcquire(MOST_OPEN, LIMIT.toSeconds() * 2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        open.acquireUninterruptibly();
        asked++;
        long begin = System.nanoTime();
        Message question = Message.of(Route.of("bench", "bench", Operation.QUERY, resource), Content.EMPTY);
        bus.request(module, question, LIMIT).whenComplete((answer, why) -> {
            note(answer, why);
            longestMillis.accumulateAndGet((System.nanoTime() - begin) / NANOS_PER_MILLI, Math::max);
            open.release();
        });
    }

    private void note(Message answer, Throwable why) {
        Throwable cause = why instanceof CompletionException wrapped ? wrapped.getCause() : why;
        if (cause instanceof EdgeException e && e.reason() == Reason.SERVICE_UNAVAILABLE) {
            refused.incrementAndGet();
        } else if (cause != null || answer.isError()) {
            failed.incrementAndGet();
            failure = cause == null ? answer.content().json() : cause.toString();
        } else {
            answered.incrementAndGet();
        }
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"module\":\"%s\",\"asked\":%d,\"answered\":%d,\"refused\":%d,\"failed\":%d,\"longestMillis\":%d,"
                        + "\"failure\":\"%s\"}",
                module,
                asked,
                answered.get(),
                refused.get(),
                failed.get(),
                longestMillis.get(),
                failure.replaceAll("[^A-Za-z0-9 .:,_/-]", "'"));
    }
}
