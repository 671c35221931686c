package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A bounded number of connections for readers, opened when first needed and kept. Thread-safe. */
final class Readers implements AutoCloseable {

    /** One question to the table. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Documents documents) throws SQLException;
    }

    private final DerbyEngine engine;
    private final Duration wait;
    private final Semaphore permits;
    private final ArrayDeque<Documents> idle = new ArrayDeque<>();
    private boolean closed;

    Readers(DerbyEngine engine, int most, Duration wait) {
        this.engine = engine;
        this.wait = wait;
        this.permits = new Semaphore(most, true);
    }

    /** Asks on a connection of its own, waiting for one if need be. */
    <T> T read(Question<T> question) throws SQLException {
        acquire();
        try {
            Documents documents = borrow();
            boolean good = false;
            try {
                T answer = question.ask(documents);
                good = true;
                return answer;
            } finally {
                giveBack(documents, good);
            }
        } finally {
            permits.release();
        }
    }

    private void acquire() {
        try {
            if (!permits.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "the store's readers are busy for " + wait);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "interrupted while waiting for the store", e);
        }
    }

    private Documents borrow() throws SQLException {
        synchronized (idle) {
            if (closed) {
                throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "the store is closing");
            }
            Documents documents = idle.poll();
            if (documents != null) {
                return documents;
            }
        }
        return opened();
    }

    /**
     * A connection, opened on a thread of its own: the parser that Derby makes with it holds the stack it was made on, and by
     * that the class loader of whoever came first, who may be replaced long before.
     */
    private Documents opened() throws SQLException {
        CompletableFuture<Documents> opening = new CompletableFuture<>();
        Thread thread = new Thread(() -> open(opening), "edge-store-open");
        thread.setDaemon(true);
        thread.start();
        try {
            return opening.get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            opening.cancel(false);
            Thread.currentThread().interrupt();
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "interrupted while waiting for the store", e);
        } catch (TimeoutException e) {
            opening.cancel(false);
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "the store opens no reader for " + wait, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException failure) {
                throw failure;
            }
            throw new IllegalStateException("the store opens no reader", e.getCause());
        }
    }

    private void open(CompletableFuture<Documents> opening) {
        try {
            Documents documents = open();
            if (!opening.complete(documents)) {
                documents.close();
            }
        } catch (SQLException | RuntimeException e) {
            opening.completeExceptionally(e);
        }
    }

    private Documents open() throws SQLException {
        Connection connection = engine.connect();
        // Nothing uncommitted can be seen: readers and the writer's transaction exclude one another. This saves Derby's
        // locks.
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
        connection.setReadOnly(true);
        return new Documents(connection);
    }

    private void giveBack(Documents documents, boolean good) throws SQLException {
        synchronized (idle) {
            if (good && !closed) {
                idle.push(documents);
                return;
            }
        }
        documents.close();
    }

    /** Closes the idle connections; new ones are opened when needed. */
    void reset() {
        ArrayDeque<Documents> old;
        synchronized (idle) {
            old = new ArrayDeque<>(idle);
            idle.clear();
        }
        for (Documents documents : old) {
            try {
                documents.close();
            } catch (SQLException e) {
                // The database is on its way down; the connection goes with it.
                continue;
            }
        }
    }

    @Override
    public void close() {
        synchronized (idle) {
            closed = true;
        }
        reset();
    }
}
