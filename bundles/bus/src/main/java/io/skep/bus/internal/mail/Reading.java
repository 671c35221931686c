package io.skep.bus.internal.mail;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * Who reads a mailbox, and how it waits for something to come. Guarded by the mailbox's lock, which {@link #await} lets go
 * of meanwhile; only {@link #drained} is looked at without it, by the reader.
 */
final class Reading {

    // About ten microseconds; none on one processor, where it would only keep the sender from running.
    private static final int SPINS = Runtime.getRuntime().availableProcessors() > 1 ? 500 : 0;

    private final Lock lock;
    private final Condition arrived;
    private final Contents contents;
    private Object reader;
    private Thread thread;
    private boolean held;
    private boolean asleep;
    private volatile boolean drained;

    Reading(Lock lock, Contents contents) {
        this.lock = lock;
        this.arrived = lock.newCondition();
        this.contents = contents;
    }

    /** Makes {@code who} the reader, on the calling thread. */
    void open(Object who, boolean hold) {
        reader = who;
        held = hold;
        thread = Thread.currentThread();
        wakeAll();
    }

    /** Lets messages flow to {@code who}, if it is the reader. */
    void release(Object who) {
        if (reader == who) {
            held = false;
            drained = false;
            wakeAll();
        }
    }

    /** Ends reading by {@code who}. */
    void close(Object who) {
        if (reader == who) {
            reader = null;
            thread = null;
        }
        drained = false;
        wakeAll();
    }

    boolean isBy(Object who) {
        return reader == who;
    }

    boolean isByCaller() {
        return thread == Thread.currentThread();
    }

    /** Whether a thread other than the calling one takes messages out. */
    boolean goesOn() {
        return reader != null && !held && !isByCaller();
    }

    /** Whether only tasks are taken. */
    boolean isHeld() {
        return held;
    }

    /** Something has come. */
    void wake() {
        if (drained) {
            drained = false;
        }
        if (asleep) {
            arrived.signal();
        }
    }

    /** What a reader waits for may be another thing now. */
    void wakeAll() {
        arrived.signalAll();
    }

    /** Waits until there is something to do for {@code who}, or it is not the reader any more. */
    void await(Object who) throws InterruptedException {
        while (idle(who)) {
            spin();
            if (drained && idle(who)) {
                sleep();
            }
        }
    }

    private boolean idle(Object who) {
        return reader == who && contents.idle(held);
    }

    // Waking a thread costs a sender several times what a message costs. In a stream of messages the next one is here
    // in a
    // moment, so the reader looks a little longer before it sleeps.
    private void spin() {
        drained = true;
        lock.unlock();
        try {
            for (int i = 0; i < SPINS && drained; i++) {
                Thread.onSpinWait();
            }
        } finally {
            lock.lock();
        }
    }

    private void sleep() throws InterruptedException {
        asleep = true;
        try {
            if (contents.storeInUse()) {
                arrived.awaitNanos(Contents.STORE_RETRY_NANOS);
            } else {
                arrived.await();
            }
        } finally {
            asleep = false;
        }
    }
}
