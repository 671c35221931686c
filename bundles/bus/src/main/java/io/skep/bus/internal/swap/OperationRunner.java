package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each operation its id, its place and its thread, and records how it ended. Thread-safe. */
final class OperationRunner {

    private static final Logger LOG = LoggerFactory.getLogger(OperationRunner.class);
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final SwapThreads threads;
    private final BusyPlaces places;
    private final Journal journal;
    private final OperationFiles files;
    private final int snapshots;
    private final InstantSource clock;
    private final Set<String> underWay = new HashSet<>();
    private long lastId;
    private volatile boolean closing;

    /** @param snapshots how many former bundles are kept */
    OperationRunner(
            SwapThreads threads,
            BusyPlaces places,
            Journal journal,
            OperationFiles files,
            int snapshots,
            InstantSource clock) {
        this.threads = threads;
        this.places = places;
        this.journal = journal;
        this.files = files;
        this.snapshots = snapshots;
        this.clock = clock;
    }

    /** Makes an operation that is not run here. */
    Progress make(Kind kind, String module) {
        return new Progress(nextId(), kind, module, clock);
    }

    /**
     * Does {@code work} on a thread of the operations; the stage ends with it. Refused at once when another operation has
     * the place of {@code module}; {@code ""} takes none.
     */
    CompletionStage<SwapOperation> begin(Kind kind, String module, Function<Progress, SwapOperation> work) {
        Progress progress = make(kind, module);
        CompletableFuture<SwapOperation> ended = new CompletableFuture<>();
        try {
            if (module.isEmpty() || places.takeModule(module, progress.id())) {
                threads.execute(() -> ended.complete(run(progress, work)));
            } else {
                SwapOperation refused =
                        progress.as(Outcome.REFUSED, "another operation on " + module + " is under way");
                ended.complete(refused);
                threads.execute(() -> record(refused));
            }
        } catch (RejectedExecutionException e) {
            places.leave(progress.id());
            ended.complete(
                    progress.as(Outcome.REFUSED, "too many operations wait, or the host of modules is stopping"));
        }
        return ended;
    }

    private SwapOperation run(Progress progress, Function<Progress, SwapOperation> work) {
        SwapOperation operation;
        underWay(progress.id(), true);
        try {
            operation =
                    closing ? progress.as(Outcome.REFUSED, "the host of modules is stopping") : work.apply(progress);
        } catch (EdgeException e) {
            operation = progress.as(Outcome.REFUSED, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("operation broke: id={} module={}", progress.id(), progress.module(), e);
            operation = progress.as(Outcome.INTERRUPTED, "it broke: " + e);
        } finally {
            places.leave(progress.id());
        }
        LOG.info(
                "module operation ended: id={} kind={} module={} outcome={} from={} to={} pauseMillis={} reason={}",
                operation.id(),
                operation.kind(),
                operation.module(),
                operation.outcome(),
                operation.fromBundle(),
                operation.toBundle(),
                operation.pause().toMillis(),
                operation.reason());
        underWay(progress.id(), false);
        if (!isLeft(operation)) {
            record(operation);
        }
        return operation;
    }

    /** Whether the host goes in the middle of it: on record it is under way, so that the next one brings it to an end. */
    boolean isLeft(SwapOperation operation) {
        return closing && operation.outcome() == Outcome.INTERRUPTED;
    }

    /** Writes down how an operation ended. The swap itself is done: a full disk must not turn its outcome. */
    void record(SwapOperation operation) {
        try {
            files.dropArrived(operation.id());
            journal.write(operation);
            tidy();
        } catch (RuntimeException e) {
            LOG.warn("operation not recorded: id={} reason={}", operation.id(), e.getMessage());
        }
    }

    private synchronized void tidy() {
        journal.trim();
        Set<String> needed = new HashSet<>(underWay);
        journal.list().stream()
                .map(SwapOperation::id)
                .filter(id -> Files.exists(files.snapshotOf(id)))
                .limit(snapshots)
                .forEach(needed::add);
        files.keepOnly(needed);
    }

    private synchronized void underWay(String operation, boolean is) {
        if (is) {
            underWay.add(operation);
        } else {
            underWay.remove(operation);
        }
    }

    private synchronized String nextId() {
        lastId = Math.max(lastId + 1, clock.millis());
        return ID.format(Instant.ofEpochMilli(lastId));
    }

    /** Begins none any more, and tells those under way that they are to end. */
    void stop() {
        closing = true;
    }

    /** Whether the host of modules is going, so that nothing more can be tried. */
    boolean isClosing() {
        return closing;
    }
}
