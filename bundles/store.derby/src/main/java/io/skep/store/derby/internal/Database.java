package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.StoreStatus;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open database: the parts of the store put together. Makes one thread, {@code edge-store}, which does all writing;
 * {@link #close} ends it. Readers come on their own threads, see only committed rows, and wait at most for one commit.
 */
final class Database implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Database.class);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(8);

    private final DataFolder folder;
    private final DerbyEngine engine;
    private final Readers readers;
    private final ReadCache cache;
    private final WriteQueue queue;
    private final GroupCommit groupCommit;
    private final WriteFigures figures = new WriteFigures();
    private final Optional<Path> setAside;
    private final ReentrantReadWriteLock table = new ReentrantReadWriteLock();
    private final Thread thread;
    private boolean closed;

    private Database(
            StoreSettings settings,
            DataFolder folder,
            DerbyEngine engine,
            Optional<Path> setAside,
            ToLongFunction<DataFolder> usableBytes) {
        this.folder = folder;
        this.engine = engine;
        this.setAside = setAside;
        this.cache = new ReadCache(settings.cacheBytes());
        this.readers = new Readers(engine, settings.readers(), settings.patience());
        this.queue = new WriteQueue(settings.queueWrites(), settings.queueBytes());
        this.groupCommit = new GroupCommit(
                queue,
                new Writer(engine, cache, table.writeLock(), figures),
                this::reopen,
                () -> usableBytes.applyAsLong(folder),
                settings.freeBytes(),
                figures);
        this.thread = new Thread(groupCommit, "edge-store");
    }

    /**
     * Takes the folder, opens or makes the database, starts the writing thread.
     *
     * @param usableBytes asks how much room the folder's disk has
     * @throws EdgeException {@code SERVICE_UNAVAILABLE} naming the folder, when it can't be used
     */
    static Database open(StoreSettings settings, InstantSource clock, ToLongFunction<DataFolder> usableBytes) {
        DataFolder folder = DataFolder.take(settings.folder());
        DerbyEngine engine = new DerbyEngine(folder.database(), settings.pageCachePages());
        try {
            Optional<Path> setAside = new Opening(folder, engine, clock).open();
            Database database = new Database(settings, folder, engine, setAside, usableBytes);
            database.thread.start();
            LOG.info("store is open: folder={}", settings.folder());
            return database;
        } catch (RuntimeException e) {
            engine.close();
            folder.close();
            throw e;
        }
    }

    /** One document, from memory if it is there. */
    Optional<Document> get(String collection, String key) {
        String id = Ids.id(collection, key);
        Optional<Document> cached = cache.get(id);
        if (cached.isPresent()) {
            return cached;
        }
        long stamp = cache.stamp();
        Optional<Document> found = read(documents -> documents.get(collection, key));
        found.ifPresent(document -> cache.found(stamp, id, document));
        return found;
    }

    /** Asks the table, while nothing is being written to it. */
    <T> T read(Readers.Question<T> question) {
        groupCommit.breakdown().ifPresent(why -> {
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "cannot read: the database is down: " + why);
        });
        table.readLock().lock();
        try {
            return readers.read(question);
        } catch (SQLException e) {
            if (SqlFailure.isFatal(e)) {
                groupCommit.brokenDown(e);
            }
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "cannot read: " + SqlFailure.text(e), e);
        } finally {
            table.readLock().unlock();
        }
    }

    /** Queues a write, waiting so long for room. */
    void submit(Submission submission, Duration wait) {
        if (!wait.isZero() && Thread.currentThread() == thread) {
            throw new IllegalStateException("a completion of submit must not write: it would wait for itself");
        }
        queue.add(submission, wait);
    }

    StoreStatus status() {
        Optional<String> aside = setAside.map(Path::toString);
        if (queue.isClosed()) {
            return new StoreStatus(false, "Closed", "the store is closing", aside);
        }
        Optional<String> breakdown = groupCommit.breakdown();
        if (breakdown.isPresent()) {
            return new StoreStatus(false, StoreStatus.FAILED, "the database is down: " + breakdown.get(), aside);
        }
        if (!groupCommit.hasRoom(0)) {
            return new StoreStatus(false, "DiskFull", "the disk of " + folder.database() + " is full", aside);
        }
        return new StoreStatus(true, "Ready", "", aside);
    }

    List<Sample> samples() {
        return new StoreSamples(figures, cache, queue, folder).samples(status());
    }

    /** Called by the writing thread after a breakdown. */
    private void reopen() throws SQLException {
        folder.requireWritable();
        table.writeLock().lock();
        try {
            readers.reset();
            // Whether the last commit reached the disk is known only now.
            cache.clear();
            engine.shutDownDatabase();
            engine.connect().close();
        } finally {
            table.writeLock().unlock();
        }
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        queue.close();
        join();
        readers.close();
        engine.close();
        folder.close();
        LOG.info("store is closed: folder={}", folder.database().getParent());
    }

    private void join() {
        try {
            thread.join(LONGEST_CLOSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.warn("writing thread is stopped in its work: waiting={}", queue.size());
            thread.interrupt();
        }
    }
}
