package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of the store's writing thread: takes what waits, writes it as one batch, and looks after the database: refuses
 * writes while the disk is full, opens the database again when it broke down.
 */
final class GroupCommit implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
    private static final int BATCH_WRITES = 1_000;
    private static final long BATCH_BYTES = 4 << 20;
    private static final Duration TICK = Duration.ofSeconds(1);

    /** How to bring the database back after it broke down. */
    @FunctionalInterface
    interface Repair {
        void run() throws SQLException;
    }

    private final WriteQueue queue;
    private final Writer writer;
    private final Repair repair;
    private final LongSupplier usableBytes;
    private final long freeBytes;
    private final WriteFigures figures;
    private boolean diskFull;
    private volatile Optional<String> breakdown = Optional.empty();

    GroupCommit(
            WriteQueue queue,
            Writer writer,
            Repair repair,
            LongSupplier usableBytes,
            long freeBytes,
            WriteFigures figures) {
        this.queue = queue;
        this.writer = writer;
        this.repair = repair;
        this.usableBytes = usableBytes;
        this.freeBytes = freeBytes;
        this.figures = figures;
    }

    /** Why the database is down, if it is; any thread. */
    Optional<String> breakdown() {
        return breakdown;
    }

    /** Reports that the database broke down under a reader; any thread. */
    void brokenDown(Throwable failure) {
        breakdown = Optional.of(SqlFailure.text(failure));
    }

    /** Whether there is room for so many more bytes; any thread. */
    boolean hasRoom(long bytes) {
        return usableBytes.getAsLong() >= freeBytes + bytes;
    }

    @Override
    public void run() {
        try {
            while (true) {
                List<Submission> batch = queue.take(BATCH_WRITES, BATCH_BYTES, TICK);
                if (batch.isEmpty() && queue.isClosed()) {
                    return;
                }
                if (breakdown.isPresent()) {
                    reopen();
                }
                if (!batch.isEmpty()) {
                    write(batch);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            writer.close();
            queue.close();
            refuseTheRest();
        }
    }

    private void write(List<Submission> batch) {
        long bytes = batch.stream().mapToLong(Submission::bytes).sum();
        if (breakdown.isPresent()) {
            refuse(batch, "the database is down: " + breakdown.get());
        } else if (isFull(bytes)) {
            refuse(batch, "cannot write: disk full, " + freeBytes + " bytes must stay free");
        } else {
            tryWrite(batch);
        }
    }

    private void tryWrite(List<Submission> batch) {
        try {
            writer.write(batch);
        } catch (SQLException | RuntimeException | OutOfMemoryError e) {
            LOG.error(
                    "write failed, the database is opened again: writes={} reason={}",
                    batch.size(),
                    SqlFailure.text(e));
            brokenDown(e);
            refuse(batch, "cannot write: " + SqlFailure.text(e));
            reopen();
        }
    }

    private boolean isFull(long bytes) {
        // Twice: the log takes every byte that the table takes.
        boolean full = !hasRoom(2 * bytes);
        if (full && !diskFull) {
            LOG.error(
                    "disk is full, writes are refused: usableBytes={} freeBytes={}",
                    usableBytes.getAsLong(),
                    freeBytes);
        } else if (!full && diskFull) {
            LOG.info("disk has room again, writes resume: usableBytes={}", usableBytes.getAsLong());
        }
        diskFull = full;
        return full;
    }

    private void reopen() {
        writer.close();
        try {
            repair.run();
            LOG.info("database is open again");
            breakdown = Optional.empty();
        } catch (SQLException | RuntimeException e) {
            LOG.debug("database stays down: reason={}", SqlFailure.text(e));
            brokenDown(e);
        }
    }

    private void refuse(List<Submission> batch, String why) {
        for (Submission submission : batch) {
            if (submission.done().completeExceptionally(new EdgeException(Reason.SERVICE_UNAVAILABLE, why))) {
                figures.failures.incrementAndGet();
            }
        }
    }

    private void refuseTheRest() {
        try {
            List<Submission> rest = queue.take(Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ZERO);
            refuse(rest, "the store is closing");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
