package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.transport.Link;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/** The outgoing half of a link: a bounded queue, one write at a time. Thread-safe; the lock is never held while calling out. */
final class Sending {

    static final int MAX_QUEUED = 1024;

    /** Room for one message of the largest size and a half. */
    static final long MAX_QUEUED_BYTES = Link.MAX_MESSAGE_BYTES * 3L / 2;

    private record Outgoing(String text, int bytes, CompletableFuture<Void> done) {}

    private final Wire wire;
    private final AtomicInteger pumps = new AtomicInteger();

    private final Object lock = new Object();
    private final ArrayDeque<Outgoing> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long messages;
    private long bytes;
    private Outgoing writing;
    private long writingSince;
    private String closed;

    Sending(Wire wire) {
        this.wire = wire;
    }

    CompletionStage<Void> offer(String text) {
        int size = Utf8.length(text);
        CompletableFuture<Void> done = new CompletableFuture<>();
        synchronized (lock) {
            if (closed != null) {
                return failed(Reason.SERVICE_UNAVAILABLE, "the link is closed: " + closed);
            }
            if (size > Link.MAX_MESSAGE_BYTES) {
                return failed(Reason.TOO_LARGE, "a message of " + size + " bytes is too large to be sent");
            }
            if (queue.size() >= MAX_QUEUED || queuedBytes + size > MAX_QUEUED_BYTES) {
                return failed(
                        Reason.TOO_MANY_REQUESTS,
                        "the peer is too slow: " + queue.size() + " messages, " + queuedBytes + " bytes queued");
            }
            queue.add(new Outgoing(text, size, done));
            queuedBytes += size;
        }
        pump();
        return done;
    }

    private static CompletionStage<Void> failed(Reason reason, String message) {
        return CompletableFuture.failedFuture(new EdgeException(reason, message));
    }

    /** Writes what is queued. A write that ends within the call to begin it only counts up: no recursion. */
    private void pump() {
        if (pumps.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        while (seen != 0) {
            writeNext();
            seen = pumps.addAndGet(-seen);
        }
    }

    private void writeNext() {
        Outgoing next;
        synchronized (lock) {
            if (writing != null || closed != null) {
                return;
            }
            next = queue.poll();
            if (next == null) {
                return;
            }
            writing = next;
            writingSince = System.nanoTime();
        }
        wire.write(next.text(), failure -> written(next, failure));
    }

    private void written(Outgoing one, Throwable failure) {
        synchronized (lock) {
            if (writing == one) {
                writing = null;
            }
            if (closed == null) {
                queuedBytes -= one.bytes();
            }
            if (failure == null) {
                messages++;
                bytes += one.bytes();
            }
        }
        if (failure == null) {
            one.done().complete(null);
            pump();
        } else {
            one.done()
                    .completeExceptionally(new EdgeException(
                            Reason.SERVICE_UNAVAILABLE, "cannot write to the link: " + failure.getMessage(), failure));
        }
    }

    /** Fails what is queued. */
    void close(String reason) {
        List<Outgoing> lost = new ArrayList<>();
        synchronized (lock) {
            if (closed != null) {
                return;
            }
            closed = reason;
            if (writing != null) {
                lost.add(writing);
            }
            lost.addAll(queue);
            queue.clear();
            queuedBytes = 0;
        }
        EdgeException why = new EdgeException(Reason.SERVICE_UNAVAILABLE, "the link was closed: " + reason);
        lost.forEach(one -> one.done().completeExceptionally(why));
    }

    /** Whether the present write began more than {@code limit} nanoseconds ago. */
    boolean stalled(long now, long limit) {
        synchronized (lock) {
            return writing != null && now - writingSince > limit;
        }
    }

    int queued() {
        synchronized (lock) {
            return queue.size() + (writing == null ? 0 : 1);
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
}
