package io.skep.bus.internal.mail;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.function.BooleanSupplier;

/**
 * Room in a mailbox's memory, and the senders that wait for it. Guarded by the mailbox's lock; only {@link #isScarce} may be
 * asked without.
 */
final class Room {

    private final Condition free;
    private final Contents contents;
    private int senders;
    private boolean spilling;
    private volatile boolean scarce;

    Room(Lock lock, Contents contents) {
        this.free = lock.newCondition();
        this.contents = contents;
    }

    /** Whether there was none when it was looked for last. */
    boolean isScarce() {
        return scarce;
    }

    /** Waits until there is some, or until that may not come any more: somebody has to be {@code reading}. */
    void await(Duration patience, BooleanSupplier reading) throws InterruptedException {
        senders++;
        try {
            long left = patience.toNanos();
            while (contents.roomMayCome() && reading.getAsBoolean() && left > 0) {
                left = free.awaitNanos(left);
            }
        } finally {
            senders--;
        }
    }

    /** To be called after each change of what is in memory or in the store. */
    void look() {
        boolean heldBack = spilling;
        spilling = contents.spilling();
        scarce = contents.crowded();
        if (senders > 0 && !scarce) {
            if (heldBack) {
                free.signalAll();
            } else {
                free.signal();
            }
        }
    }

    /** There is no more to wait for. */
    void release() {
        free.signalAll();
    }
}
