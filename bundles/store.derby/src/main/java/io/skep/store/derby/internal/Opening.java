package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the database of a folder: makes it when there is none, and puts a damaged one out of the way. */
final class Opening {

    private static final Logger LOG = LoggerFactory.getLogger(Opening.class);

    private final DataFolder folder;
    private final DerbyEngine engine;
    private final InstantSource clock;

    Opening(DataFolder folder, DerbyEngine engine, InstantSource clock) {
        this.folder = folder;
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * Leaves a database that works.
     *
     * @return where a damaged one was moved, if one was found
     * @throws EdgeException {@code SERVICE_UNAVAILABLE} when the disk is full or can't be used
     */
    Optional<Path> open() {
        if (!Files.exists(folder.database())) {
            create();
            return Optional.empty();
        }
        try {
            check();
            return Optional.empty();
        } catch (SQLException | RuntimeException e) {
            engine.shutDownDatabase();
            if (SqlFailure.isEnvironment(e)) {
                throw new EdgeException(
                        Reason.SERVICE_UNAVAILABLE,
                        "cannot open the database " + folder.database() + ": " + SqlFailure.text(e),
                        e);
            }
            return Optional.of(replace(e));
        }
    }

    private void check() throws SQLException {
        try (Connection connection = engine.connect()) {
            Documents.verify(connection);
        }
    }

    private Path replace(Exception damage) {
        Path aside = folder.setAside(clock.instant());
        LOG.error(
                "database is damaged, set aside and made anew: folder={} aside={} reason={}",
                folder.database(),
                aside,
                SqlFailure.text(damage));
        create();
        return aside;
    }

    /** In a place of its own, then moved: a database is there whole or not at all, whenever the process is killed. */
    private void create() {
        try {
            engine.make(folder.emptyWorkshop(), Documents::create);
            folder.takeFromWorkshop();
            check();
        } catch (SQLException e) {
            throw new EdgeException(
                    Reason.SERVICE_UNAVAILABLE,
                    "cannot make the database " + folder.database() + ": " + SqlFailure.text(e),
                    e);
        }
    }
}
