package io.skep.bench.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A module of the bench's own, read by one thread until it is closed. */
final class Reader implements AutoCloseable {

    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final MessageBus bus;
    private final String module;
    private final boolean answers;
    private volatile long received;

    Reader(MessageBus bus, String module, boolean answers) {
        this.bus = bus;
        this.module = module;
        this.answers = answers;
        bus.addModule(module);
        Thread thread = new Thread(this::read, module);
        thread.setDaemon(true);
        thread.start();
    }

    String module() {
        return module;
    }

    long received() {
        return received;
    }

    private void read() {
        long count = 0;
        try {
            while (true) {
                Message message = bus.receive(module);
                received = ++count;
                if (answers) {
                    bus.sendResp(message.reply(module, Content.OK));
                }
            }
        } catch (EdgeException e) {
            // Closed: the module was cleaned up under us, which is how this ends.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits until so many messages came since the start. */
    void await(long count) {
        long end = System.nanoTime() + LIMIT_NANOS;
        while (received < count) {
            if (System.nanoTime() > end) {
                throw new EdgeException(
                        EdgeException.Reason.TIMEOUT, module + " received " + received + " of " + count + " messages");
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    @Override
    public void close() {
        bus.cleanup(module);
    }
}
