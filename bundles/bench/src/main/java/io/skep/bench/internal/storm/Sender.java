package io.skep.bench.internal.storm;

import io.skep.core.api.bus.Delivery;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Sends numbered messages at an even pace. What the bus refuses is still the sender's, and is sent again before anything
 * else; each number is therefore taken once, and in order.
 */
final class Sender {

    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final MessageBus bus;
    private final int number;
    private final int messagesASecond;
    private volatile int taken;
    private volatile long refused;
    private volatile long dropped;

    Sender(MessageBus bus, int number, int messagesASecond) {
        this.bus = bus;
        this.number = number;
        this.messagesASecond = messagesASecond;
    }

    void run(BooleanSupplier goesOn) {
        long begin = System.nanoTime();
        while (goesOn.getAsBoolean()) {
            long due = (System.nanoTime() - begin) * messagesASecond / TimeUnit.SECONDS.toNanos(1);
            while (taken < due && send()) {
                taken++;
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
    }

    private boolean send() {
        Delivery delivery = bus.send(
                StormSink.MODULE,
                Message.of(
                        Route.of("bench", "bench", Operation.UPDATE, "bench/" + number + "/" + taken), Content.EMPTY));
        refused += delivery == Delivery.REFUSED ? 1 : 0;
        dropped += delivery == Delivery.DROPPED ? 1 : 0;
        return delivery.taken();
    }

    String json() {
        return String.format(
                Locale.ROOT,
                "{\"number\":%d,\"taken\":%d,\"refused\":%d,\"dropped\":%d}",
                number,
                taken,
                refused,
                dropped);
    }
}
