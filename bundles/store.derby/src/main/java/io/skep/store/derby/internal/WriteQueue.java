package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Submissions in the order they came, bounded by number and size. Thread-safe. */
final class WriteQueue {

    private final int writes;
    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final ArrayDeque<Submission> waiting = new ArrayDeque<>();
    private long bytes;
    private boolean closed;

    WriteQueue(int writes, long bytes) {
        this.writes = writes;
        this.limit = bytes;
    }

    /**
     * Adds a submission.
     *
     * @param wait how long to wait for room; zero for not at all
     * @throws EdgeException {@code SERVICE_UNAVAILABLE} when there is no room, or the store is closing
     */
    void add(Submission submission, Duration wait) {
        long nanos = wait.toNanos();
        lock.lock();
        try {
            while (!closed && !fits(submission)) {
                if (nanos <= 0) {
                    throw new EdgeException(
                            Reason.SERVICE_UNAVAILABLE,
                            "the store's queue is full: " + waiting.size() + " writes of " + bytes + " bytes wait");
                }
                nanos = drained.awaitNanos(nanos);
            }
            if (closed) {
                throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "the store is closing");
            }
            waiting.add(submission);
            bytes += submission.bytes();
            filled.signal();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "interrupted while waiting for the store's queue", e);
        } finally {
            lock.unlock();
        }
    }

    private boolean fits(Submission submission) {
        return waiting.isEmpty() || waiting.size() < writes && bytes + submission.bytes() <= limit;
    }

    /**
     * Waits for submissions and takes as many as make a batch.
     *
     * @return empty once the queue is closed and drained, and when {@code wait} has passed
     */
    List<Submission> take(int mostWrites, long mostBytes, Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long nanos = wait.toNanos();
            while (waiting.isEmpty() && !closed && nanos > 0) {
                nanos = filled.awaitNanos(nanos);
            }
            List<Submission> taken = new ArrayList<>();
            long size = 0;
            while (!waiting.isEmpty() && taken.size() < mostWrites) {
                long next = waiting.peek().bytes();
                if (!taken.isEmpty() && size + next > mostBytes) {
                    break;
                }
                size += next;
                taken.add(waiting.poll());
            }
            bytes -= size;
            drained.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; what waits can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
