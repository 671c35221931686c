package io.skep.bench.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the bus carries: each message newly made, from the caller's thread to modules added for the purpose, each read by
 * a thread {@code bench-<module>} that ends with the run.
 */
final class BusBench {

    private static final double NANOS = 1e9;
    private static final int RUNS = 5;
    private static final int ONE_WAY = 200_000;
    private static final int REQUESTS = 20_000;
    private static final int GROUP_SENDS = 50_000;
    private static final String GROUP = "bench-group";

    private final MessageBus bus;
    private final int divisor;

    /** @param divisor one for a real run; a test does only one in so many messages */
    BusBench(MessageBus bus, int divisor) {
        this.bus = bus;
        this.divisor = divisor;
    }

    List<Figure> run() throws InterruptedException {
        List<Figure> figures = new ArrayList<>();
        try (Reader sink = new Reader(bus, "bench-sink", false)) {
            int messages = ONE_WAY / divisor;
            oneWay(sink, messages);
            figures.add(new Figure("bus one way", Samples.median(RUNS, () -> oneWay(sink, messages)), "msg/s"));
        }
        try (Reader echo = new Reader(bus, "bench-echo", true)) {
            requests(echo);
            Samples waits = requests(echo);
            figures.add(new Figure("bus request p50", waits.micros(50), "us"));
            figures.add(new Figure("bus request p99", waits.micros(99), "us"));
        }
        figures.add(new Figure("bus group of 3", Samples.median(RUNS, this::group), "deliveries/s"));
        return figures;
    }

    private double oneWay(Reader sink, int messages) {
        long goal = sink.received() + messages;
        long start = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            offer(sink.module());
        }
        sink.await(goal);
        return messages * NANOS / (System.nanoTime() - start);
    }

    /** A full mailbox refuses at once; the sender lets its reader go on. */
    private void offer(String module) {
        Message message = message(module);
        while (bus.send(module, message) == Delivery.REFUSED) {
            Thread.yield();
        }
    }

    private Samples requests(Reader echo) {
        int requests = REQUESTS / divisor;
        Samples waits = new Samples(requests);
        for (int i = 0; i < requests; i++) {
            long start = System.nanoTime();
            Message answer = bus.sendSync(echo.module(), message(echo.module()), Duration.ofSeconds(10));
            waits.add(System.nanoTime() - start);
            if (answer.isError()) {
                throw new EdgeException(EdgeException.Reason.INTERNAL_ERROR, "bench-echo answered with an error");
            }
        }
        return waits;
    }

    private double group() {
        int sends = GROUP_SENDS / divisor;
        List<Reader> members = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                members.add(new Reader(bus, "bench-member-" + i, false));
                bus.addModuleGroup("bench-member-" + i, GROUP);
            }
            long start = System.nanoTime();
            for (int i = 0; i < sends; i++) {
                // A group send goes to all or says so; keep all mailboxes well below their bound.
                while (i - members.stream().mapToLong(Reader::received).min().orElse(0) > 500) {
                    Thread.yield();
                }
                bus.sendToGroup(GROUP, message(GROUP));
            }
            members.forEach(m -> m.await(sends));
            return members.size() * sends * NANOS / (System.nanoTime() - start);
        } finally {
            members.forEach(Reader::close);
        }
    }

    private static Message message(String to) {
        return Message.of(Route.of("bench", to, Operation.UPDATE, "default/bench/message"), Content.EMPTY);
    }
}
