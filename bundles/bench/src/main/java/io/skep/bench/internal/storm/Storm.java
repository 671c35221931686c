package io.skep.bench.internal.storm;

import io.skep.core.api.bus.MessageBus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Many messages a second inside the node, and questions to its modules, until a file says that it is enough. Keeps book of
 * what the bus took. One thread a sender and a questioner, ended with the run.
 */
final class Storm {

    private static final int SENDERS = 4;
    private static final int QUESTIONS_A_SECOND = 20;
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long PATIENCE_SECONDS = 90;

    private final List<Sender> senders;
    private final List<Questioner> questioners;
    private final Path end;

    /** @param end the file that ends it by being there */
    Storm(MessageBus bus, int messagesASecond, Path end) {
        this.end = end;
        senders = IntStream.range(0, SENDERS)
                .mapToObj(i -> new Sender(bus, i, messagesASecond / SENDERS))
                .toList();
        questioners = List.of(
                new Questioner(bus, "edged", "pods", QUESTIONS_A_SECOND),
                new Questioner(bus, "metamanager", "meta", QUESTIONS_A_SECOND),
                new Questioner(bus, "websocket", "link", QUESTIONS_A_SECOND));
    }

    /** Blocks until the end; returns what was sent, as one line of JSON. */
    String run() throws InterruptedException {
        BooleanSupplier goesOn =
                () -> !Files.exists(end) && !Thread.currentThread().isInterrupted();
        ExecutorService threads = Executors.newCachedThreadPool(work -> new Thread(work, "bench-sender"));
        try {
            Stream.concat(
                            senders.stream().map(s -> (Runnable) () -> s.run(goesOn)),
                            questioners.stream().map(q -> (Runnable) () -> q.run(goesOn)))
                    .forEach(threads::execute);
            while (goesOn.getAsBoolean()) {
                LockSupport.parkNanos(LOOK_NANOS);
            }
            threads.shutdown();
            threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        return "{\"senders\":" + senders.stream().map(Sender::json).collect(Collectors.joining(",", "[", "]"))
                + ",\"questions\":"
                + questioners.stream().map(Questioner::json).collect(Collectors.joining(",", "[", "]")) + "}";
    }
}
