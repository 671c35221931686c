package io.skep.transport.internal;

import io.skep.core.api.message.Message;
import io.skep.transport.LinkListener;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The incoming half of a link: what arrived and is not dealt with yet, and the one listener who gets it. A message leaves
 * the queue when its listener is done with it, so a successor gets again what its predecessor had begun. Thread-safe; the
 * lock is never held while calling out.
 */
final class Receiving {

    /** Beyond this nothing more is read from the peer; enough to bridge the replacement of a module. */
    static final int MAX_WAITING = 64;

    static final int MAX_WAITING_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(Receiving.class);

    private record Arrived(Message message, int bytes) {}

    private final Executor executor;
    private final Runnable demand;
    private final Consumer<String> failed;

    private final Object lock = new Object();
    private final ArrayDeque<Arrived> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private long messages;
    private long bytes;
    private LinkListener listener;
    private int generation;
    private boolean handing;
    private boolean demanded;
    private String closed;
    private boolean told;

    /**
     * @param demand asks the wire for one more message
     * @param failed called with a reason when the listener fails
     */
    Receiving(Executor executor, Runnable demand, Consumer<String> failed) {
        this.executor = executor;
        this.demand = demand;
        this.failed = failed;
    }

    /** The first demand. */
    void begin() {
        demandIfRoom();
    }

    void arrived(Message message, int size) {
        synchronized (lock) {
            demanded = false;
            if (closed != null) {
                return;
            }
            waiting.add(new Arrived(message, size));
            waitingBytes += size;
            messages++;
            bytes += size;
        }
        demandIfRoom();
        hand();
    }

    void attach(LinkListener value) {
        change(value);
        executor.execute(this::hand);
    }

    /** Attaches it if {@code wanted}, which only looks at a field, holds in the moment of the change. */
    boolean attachIf(BooleanSupplier wanted, LinkListener value) {
        synchronized (lock) {
            if (!wanted.getAsBoolean()) {
                return false;
            }
            change(value);
        }
        executor.execute(this::hand);
        return true;
    }

    boolean attached() {
        synchronized (lock) {
            return listener != null;
        }
    }

    void release() {
        change(null);
    }

    private void change(LinkListener value) {
        synchronized (lock) {
            listener = value;
            generation++;
            handing = false;
        }
    }

    /** Nothing more arrives. What waits is still handed over, unless it is to be dropped. */
    void close(String reason, boolean drop) {
        synchronized (lock) {
            if (closed == null) {
                closed = reason;
            }
            if (drop) {
                waiting.clear();
                waitingBytes = 0;
                generation++;
                handing = false;
            }
        }
        executor.execute(this::hand);
    }

    /** Whether the wire was asked for a message and has not brought one: only then silence means anything. */
    boolean reading() {
        synchronized (lock) {
            return demanded;
        }
    }

    int waiting() {
        synchronized (lock) {
            return waiting.size();
        }
    }

    long messages() {
        synchronized (lock) {
            return messages;
        }
    }

    long bytes() {
        synchronized (lock) {
            return bytes;
        }
    }

    private void demandIfRoom() {
        synchronized (lock) {
            boolean room = waiting.size() < MAX_WAITING && waitingBytes < MAX_WAITING_BYTES;
            if (demanded || closed != null || !room) {
                return;
            }
            demanded = true;
        }
        demand.run();
    }

    /** Hands over one message after the other until there is none, or one is not dealt with at once. */
    private void hand() {
        boolean more = true;
        while (more) {
            LinkListener to;
            Arrived next;
            int mine;
            synchronized (lock) {
                next = waiting.peek();
                boolean end = next == null && closed != null && !told;
                if (handing || listener == null || (next == null && !end)) {
                    return;
                }
                handing = next != null;
                told = end;
                to = listener;
                mine = generation;
            }
            if (next == null) {
                tellClosed(to);
                return;
            }
            more = handOver(to, next.message(), mine);
        }
    }

    /** Returns whether the message is dealt with already and another one may follow. */
    private boolean handOver(LinkListener to, Message message, int mine) {
        CompletionStage<Void> dealtWith;
        try {
            dealtWith = to.received(message);
        } catch (RuntimeException e) {
            return done(mine, e);
        }
        if (dealtWith.toCompletableFuture().isDone()) {
            return done(
                    mine,
                    dealtWith
                            .handle((nothing, failure) -> failure)
                            .toCompletableFuture()
                            .join());
        }
        dealtWith.whenCompleteAsync(
                (nothing, failure) -> {
                    if (done(mine, failure)) {
                        hand();
                    }
                },
                executor);
        return false;
    }

    private boolean done(int mine, Throwable failure) {
        synchronized (lock) {
            if (mine != generation) {
                return false;
            }
            handing = false;
            if (failure == null) {
                waitingBytes -= waiting.remove().bytes();
            }
        }
        if (failure != null) {
            LOG.error("listener failed, closing its link", failure);
            failed.accept("internal error: " + failure.getMessage());
            return false;
        }
        demandIfRoom();
        return true;
    }

    private void tellClosed(LinkListener to) {
        String reason;
        synchronized (lock) {
            reason = closed;
        }
        try {
            to.closed(reason);
        } catch (RuntimeException e) {
            LOG.error("listener failed on the close of its link", e);
        }
    }
}
