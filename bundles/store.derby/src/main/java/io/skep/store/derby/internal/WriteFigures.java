package io.skep.store.derby.internal;

import java.util.concurrent.atomic.AtomicLong;

/** What the writer counted since the store was opened. Written by one thread, read by any. */
final class WriteFigures {

    final AtomicLong writes = new AtomicLong();
    final AtomicLong conflicts = new AtomicLong();
    final AtomicLong failures = new AtomicLong();
    final AtomicLong batches = new AtomicLong();
    final AtomicLong commitNanos = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
}
