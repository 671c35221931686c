package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.store.Document;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit: many submissions in one transaction, hence one flush of the disk. Runs on the store's one writing thread;
 * completes the submissions there.
 */
final class Writer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    /** A submission that passed its check, and what its caller will be told. */
    private record Accepted(Submission submission, List<Document> puts) {}

    private final DerbyEngine engine;
    private final ReadCache cache;
    private final Lock exclusive;
    private final WriteFigures figures;
    private Documents documents;

    /**
     * Prepares; the connection is opened with the first batch.
     *
     * @param exclusive held while the table holds what is not committed: no reader is there then
     */
    Writer(DerbyEngine engine, ReadCache cache, Lock exclusive, WriteFigures figures) {
        this.engine = engine;
        this.cache = cache;
        this.exclusive = exclusive;
        this.figures = figures;
    }

    /**
     * Writes the submissions and completes each of them.
     *
     * @throws SQLException when the database must be opened again; what is not completed yet was not written
     */
    void write(List<Submission> submissions) throws SQLException {
        try {
            together(submissions);
        } catch (SQLException | RuntimeException e) {
            if (SqlFailure.isFatal(e) || SqlFailure.isEnvironment(e)) {
                throw e;
            }
            LOG.warn(
                    "batch failed, its writes are tried one by one: writes={} reason={}",
                    submissions.size(),
                    SqlFailure.text(e));
            for (Submission submission : submissions) {
                alone(submission);
            }
        }
    }

    private void alone(Submission submission) throws SQLException {
        if (submission.done().isDone()) {
            return;
        }
        try {
            together(List.of(submission));
        } catch (SQLException | RuntimeException e) {
            if (SqlFailure.isFatal(e)) {
                throw e;
            }
            fail(submission, new EdgeException(Reason.INTERNAL_ERROR, "cannot write: " + SqlFailure.text(e), e));
        }
    }

    private void together(List<Submission> submissions) throws SQLException {
        Documents table = documents();
        Batch batch = new Batch(table::revision);
        List<Accepted> accepted = new ArrayList<>(submissions.size());
        List<Runnable> refusals = new ArrayList<>();
        for (Submission submission : submissions) {
            try {
                accepted.add(new Accepted(submission, batch.add(submission.changes())));
            } catch (EdgeException conflict) {
                figures.conflicts.incrementAndGet();
                refusals.add(() -> submission.done().completeExceptionally(conflict));
            }
        }
        commit(table, batch.rows());
        // A refusal rests on writes of the same batch, so nobody hears of it before they are durable.
        refusals.forEach(Runnable::run);
        for (Accepted one : accepted) {
            figures.writes.incrementAndGet();
            figures.bytes.addAndGet(one.submission().bytes());
            one.submission().done().complete(one.puts());
        }
    }

    private void commit(Documents table, List<Batch.Row> rows) throws SQLException {
        if (rows.isEmpty()) {
            table.rollback();
            return;
        }
        long begin = System.nanoTime();
        exclusive.lock();
        try {
            try {
                table.apply(rows);
                table.commit();
            } catch (SQLException | RuntimeException e) {
                undo(table);
                throw e;
            }
            cache.committed(rows);
        } finally {
            exclusive.unlock();
        }
        figures.batches.incrementAndGet();
        figures.commitNanos.addAndGet(System.nanoTime() - begin);
    }

    private static void undo(Documents table) {
        try {
            table.rollback();
        } catch (SQLException e) {
            LOG.debug("rollback failed, the database is down: reason={}", e.getMessage());
        }
    }

    private Documents documents() throws SQLException {
        if (documents == null) {
            Connection connection = engine.connect();
            connection.setAutoCommit(false);
            documents = new Documents(connection);
        }
        return documents;
    }

    private void fail(Submission submission, EdgeException why) {
        figures.failures.incrementAndGet();
        submission.done().completeExceptionally(why);
    }

    /** Gives the connection up; the next batch opens a new one. */
    @Override
    public void close() {
        if (documents != null) {
            try {
                documents.close();
            } catch (SQLException e) {
                LOG.debug("connection was gone: reason={}", e.getMessage());
            }
            documents = null;
        }
    }
}
