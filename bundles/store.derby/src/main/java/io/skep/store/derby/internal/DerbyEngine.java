package io.skep.store.derby.internal;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops Derby, and gives out its connections. Derby is a singleton of its class loader, hence of this bundle:
 * {@link #close} stops it whole, with its threads and its driver, so that the bundle can be replaced.
 *
 * <p>Derby makes two daemon threads, {@code derby.rawStoreDaemon} and a timer; they end with {@link #close}.
 */
final class DerbyEngine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DerbyEngine.class);
    private static final String DATABASE_SHUT_DOWN = "08006";
    private static final String ENGINE_SHUT_DOWN = "XJ015";

    private final Path database;
    private final Map<String, String> properties;

    /**
     * Prepares, but does not start.
     *
     * @param pageCachePages of 8 KiB each; Derby's default of 1,000 is too much for a small node
     */
    DerbyEngine(Path database, int pageCachePages) {
        this.database = database;
        this.properties = Map.of(
                "derby.system.home",
                database.getParent().toString(),
                "derby.stream.error.method",
                DerbyLog.class.getName() + ".writer",
                "derby.storage.pageCacheSize",
                Integer.toString(pageCachePages),
                // A log buffer is written and synchronised when it is full: a batch should fit into one; there are
                // three.
                "derby.storage.logBufferSize",
                Integer.toString(128 << 10),
                // The one table is always read by its key: statistics would cost a thread and change nothing.
                "derby.storage.indexStats.auto",
                "false",
                "derby.language.statementCacheSize",
                "20");
    }

    /** What is done to a database that is being made. */
    @FunctionalInterface
    interface Making {
        void with(Connection connection) throws SQLException;
    }

    /**
     * A new connection; the first one starts the engine and the database. Where Derby may not write it opens a database all the
     * same, as its tables were before the log was played back: what was committed last is missing. That is refused here.
     */
    Connection connect() throws SQLException {
        Connection connection = inside(source(database));
        if (connection.isReadOnly()) {
            connection.close();
            shutDownDatabase();
            throw new SQLException(
                    "the database can only be read: is its folder writable? " + database, SqlFailure.READ_ONLY);
        }
        return connection;
    }

    /** Makes a database at {@code place} and ends it again: all its files are on the disk then. */
    void make(Path place, Making making) throws SQLException {
        EmbeddedDataSource source = source(place);
        source.setCreateDatabase("create");
        try (Connection connection = inside(source)) {
            making.with(connection);
        } finally {
            shutDownDatabase(place);
        }
    }

    /** Ends the database, with a checkpoint; the engine keeps running. */
    void shutDownDatabase() {
        shutDownDatabase(database);
    }

    private void shutDownDatabase(Path place) {
        EmbeddedDataSource source = source(place);
        source.setShutdownDatabase("shutdown");
        shutDown(source, DATABASE_SHUT_DOWN);
    }

    private static EmbeddedDataSource source(Path place) {
        EmbeddedDataSource source = new EmbeddedDataSource();
        source.setDatabaseName(place.toString());
        return source;
    }

    /** Ends the database and the engine. */
    @Override
    public void close() {
        shutDownDatabase();
        EmbeddedDataSource source = new EmbeddedDataSource();
        source.setDatabaseName("");
        source.setShutdownDatabase("shutdown");
        shutDown(source, ENGINE_SHUT_DOWN);
    }

    private void shutDown(EmbeddedDataSource source, String success) {
        try {
            inside(source).close();
        } catch (SQLException e) {
            if (!success.equals(e.getSQLState())) {
                LOG.debug("database was not running: state={} reason={}", e.getSQLState(), e.getMessage());
            }
        }
    }

    /** Derby reads its settings from the system and loads classes and starts threads with the caller's class loader. */
    private Connection inside(EmbeddedDataSource source) throws SQLException {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(DerbyEngine.class.getClassLoader());
        properties.forEach(System::setProperty);
        try {
            return source.getConnection();
        } finally {
            properties.keySet().forEach(System::clearProperty);
            thread.setContextClassLoader(before);
        }
    }
}
