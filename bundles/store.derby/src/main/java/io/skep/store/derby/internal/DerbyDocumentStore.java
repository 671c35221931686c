package io.skep.store.derby.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.module.Health;
import io.skep.core.api.observe.HealthCheck;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import io.skep.core.api.store.Change;
import io.skep.core.api.store.Document;
import io.skep.core.api.store.DocumentStore;
import io.skep.core.api.store.StoreStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** {@link DocumentStore} on embedded Derby, with its figures and its health; the work is done by {@link Database}. */
@Component(
        service = {DocumentStore.class, MetricSource.class, HealthCheck.class},
        configurationPid = StoreConfig.PID)
@Designate(ocd = StoreConfig.class)
public final class DerbyDocumentStore implements DocumentStore, MetricSource, HealthCheck, AutoCloseable {

    private final Database database;
    private final Duration wait;

    @Activate
    public DerbyDocumentStore(BundleContext context, StoreConfig config) {
        this(StoreSettings.from(config, context.getProperty("karaf.data")), InstantSource.system());
    }

    DerbyDocumentStore(StoreSettings settings, InstantSource clock) {
        this(Database.open(settings, clock, DataFolder::usableBytes), settings.patience());
    }

    DerbyDocumentStore(Database database, Duration wait) {
        this.database = database;
        this.wait = wait;
    }

    /** Writes what waits, then ends the database; at most some seconds. */
    @Deactivate
    @Override
    public void close() {
        database.close();
    }

    @Override
    public Optional<Document> get(String collection, String key) {
        return Ids.possible(collection, key) ? database.get(collection, key) : Optional.empty();
    }

    @Override
    public List<Document> list(String collection, String prefix, String after, int limit) {
        if (limit < 1) {
            throw new EdgeException(Reason.INVALID, "limit must be at least 1, is " + limit);
        }
        boolean possible = Ids.possible(collection, prefix) && Ids.possible(collection, after);
        return possible ? database.read(table -> table.list(collection, prefix, after, limit)) : List.of();
    }

    @Override
    public long count(String collection, String prefix) {
        return Ids.possible(collection, prefix) ? database.read(table -> table.count(collection, prefix)) : 0;
    }

    @Override
    public List<Document> write(List<Change> changes) {
        Submission submission = Submission.of(changes);
        database.submit(submission, wait);
        try {
            return submission.done().get(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (TimeoutException e) {
            throw new EdgeException(
                    Reason.TIMEOUT, "the store's disk took longer than " + wait + ", the write may follow", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "interrupted while waiting for the store", e);
        }
    }

    /** The writing thread's exception, told again from the caller's stack. */
    private static EdgeException failure(Throwable cause) {
        Reason reason = cause instanceof EdgeException edge ? edge.reason() : Reason.INTERNAL_ERROR;
        return new EdgeException(reason, cause.getMessage(), cause);
    }

    @Override
    public CompletionStage<List<Document>> submit(List<Change> changes) {
        try {
            Submission submission = Submission.of(changes);
            database.submit(submission, Duration.ZERO);
            return submission.done();
        } catch (EdgeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public StoreStatus status() {
        return database.status();
    }

    @Override
    public List<Sample> samples() {
        return database.samples();
    }

    @Override
    public String name() {
        return "store";
    }

    @Override
    public Health check() {
        StoreStatus status = status();
        String message = status.setAside()
                .map(aside -> "A damaged database was found at start and moved to " + aside + ".")
                .orElse(status.message());
        return new Health(status.writable(), status.reason(), status.writable() ? message : status.message());
    }
}
