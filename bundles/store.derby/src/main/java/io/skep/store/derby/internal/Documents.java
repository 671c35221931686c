package io.skep.store.derby.internal;

import io.skep.core.api.store.Document;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one table, seen through one connection; used by one thread at a time. A body lies in {@code body}, or in
 * {@code big_body} when it is longer than a VARCHAR can be: a CLOB costs much more.
 */
final class Documents implements AutoCloseable {

    /** Longest body, in characters, that goes into the fast column; Derby's limit for a VARCHAR. */
    private static final int FAST = 32_672;

    // The optimizer, which has no statistics, must not think of scanning the table; the line break ends the hint.
    private static final String TABLE = "document --DERBY-PROPERTIES constraint=document_pk\n";
    private static final String REVISION = "SELECT revision FROM " + TABLE + " WHERE id = ?";
    private static final String GET = "SELECT revision, body, big_body FROM " + TABLE + " WHERE id = ?";
    private static final String LIST =
            "SELECT id, revision, body, big_body FROM " + TABLE + " WHERE id >= ? AND id <= ? ORDER BY id";
    private static final String COUNT = "SELECT COUNT(*) FROM " + TABLE + " WHERE id >= ? AND id <= ?";
    private static final String INSERT = "INSERT INTO document (revision, body, big_body, id) VALUES (?, ?, ?, ?)";
    private static final String UPDATE = "UPDATE document SET revision = ?, body = ?, big_body = ? WHERE id = ?";
    private static final String DELETE = "DELETE FROM document WHERE id = ?";

    private final Connection connection;
    private final List<PreparedStatement> statements = new ArrayList<>();
    private final PreparedStatement revision;
    private final PreparedStatement get;
    private final PreparedStatement list;
    private final PreparedStatement count;

    /** Takes over the connection: {@link #close} closes it. */
    Documents(Connection connection) throws SQLException {
        this.connection = connection;
        this.revision = prepare(REVISION);
        this.get = prepare(GET);
        this.list = prepare(LIST);
        this.count = prepare(COUNT);
    }

    /** Makes the table in a new database. */
    static void create(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // An index page must hold two of the longest keys, a table page a few ordinary pods.
            statement.execute("CALL SYSCS_UTIL.SYSCS_SET_DATABASE_PROPERTY('derby.storage.pageSize', '8192')");
            statement.execute("CREATE TABLE document (id VARCHAR(" + Ids.MAX + ") NOT NULL, revision BIGINT NOT NULL,"
                    + " body VARCHAR(" + FAST + "), big_body CLOB(32M), CONSTRAINT document_pk PRIMARY KEY (id))");
        }
    }

    /** Reads every row of table and index once: a damaged page shows now and not in the middle of the night. */
    static void verify(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            long rows = number(statement, "SELECT COUNT(*) FROM document --DERBY-PROPERTIES index=null\n");
            long keys = number(statement, "SELECT COUNT(*) FROM " + TABLE);
            if (rows != keys) {
                throw new SQLException("table has " + rows + " rows, index " + keys, "XSDG0");
            }
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statements.add(statement);
        return statement;
    }

    /** The revision under {@code id}; 0 when nothing is there. */
    long revision(String id) throws SQLException {
        revision.setString(1, id);
        try (ResultSet rows = revision.executeQuery()) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    Optional<Document> get(String collection, String key) throws SQLException {
        get.setString(1, Ids.id(collection, key));
        try (ResultSet rows = get.executeQuery()) {
            return rows.next()
                    ? Optional.of(new Document(collection, key, rows.getLong(1), body(rows, 2)))
                    : Optional.empty();
        }
    }

    List<Document> list(String collection, String prefix, String after, int limit) throws SQLException {
        list.setString(1, Ids.lower(collection, prefix, after));
        list.setString(2, Ids.upper(collection, prefix));
        list.setMaxRows(limit == Integer.MAX_VALUE ? 0 : limit);
        List<Document> found = new ArrayList<>();
        try (ResultSet rows = list.executeQuery()) {
            while (rows.next()) {
                found.add(new Document(collection, Ids.key(rows.getString(1)), rows.getLong(2), body(rows, 3)));
            }
        }
        return List.copyOf(found);
    }

    long count(String collection, String prefix) throws SQLException {
        count.setString(1, Ids.lower(collection, prefix, ""));
        count.setString(2, Ids.upper(collection, prefix));
        try (ResultSet rows = count.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private static String body(ResultSet rows, int column) throws SQLException {
        String body = rows.getString(column);
        return body == null ? bigBody(rows, column + 1) : body;
    }

    // Not getString: Derby's buffer for it grows by 4 KiB at a time, which takes minutes for the largest bodies.
    private static String bigBody(ResultSet rows, int column) throws SQLException {
        try (Reader stream = rows.getCharacterStream(column)) {
            StringWriter body = new StringWriter(2 * FAST);
            stream.transferTo(body);
            return body.toString();
        } catch (IOException e) {
            throw new SQLException("cannot read a large body", e);
        }
    }

    /** Brings rows to their final state, in one transaction that stays open. */
    void apply(List<Batch.Row> rows) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT);
                PreparedStatement update = connection.prepareStatement(UPDATE);
                PreparedStatement delete = connection.prepareStatement(DELETE)) {
            for (Batch.Row row : rows) {
                switch (row.action()) {
                    case INSERT -> put(insert, row);
                    case UPDATE -> put(update, row);
                    case DELETE -> {
                        delete.setString(1, row.id());
                        delete.executeUpdate();
                    }
                }
            }
        }
    }

    private static void put(PreparedStatement statement, Batch.Row row) throws SQLException {
        String body = row.document().orElseThrow().body();
        statement.setLong(1, row.document().orElseThrow().revision());
        if (body.length() <= FAST) {
            statement.setString(2, body);
            statement.setString(3, null);
        } else {
            statement.setString(2, null);
            statement.setCharacterStream(3, new StringReader(body), body.length());
        }
        statement.setString(4, row.id());
        statement.executeUpdate();
    }

    /** Makes what was applied durable: on the disk when this returns. */
    void commit() throws SQLException {
        connection.commit();
    }

    /** Forgets what was applied. */
    void rollback() throws SQLException {
        connection.rollback();
    }

    @Override
    public void close() throws SQLException {
        try {
            for (PreparedStatement statement : statements) {
                statement.close();
            }
            if (!connection.getAutoCommit()) {
                connection.rollback();
            }
        } finally {
            connection.close();
        }
    }
}
