package io.skep.bus.internal.swap;

import io.skep.bus.internal.host.ModuleSwap;
import io.skep.bus.internal.host.SwapHost;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.PackageSource;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.DocumentStore;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@link ModuleOperations}: each checked, done, recorded; one at a time on a module, and a few side by side.
 *
 * <p>Threads: {@code edge-swap-<n>}, made for operations and gone soon after them. {@link #close} lets the step in work
 * end and leaves the rest to {@link Recovery} of the next start.
 */
public final class ModuleSwaps implements ModuleOperations, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ModuleSwaps.class);
    private static final DateTimeFormatter ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);
    // These carry the modules: under them nothing could supervise the swap.
    private static final Set<String> PLATFORM = Set.of(
            "bus",
            ModuleNames.MODULE_OPERATIONS,
            "transport",
            "core.api",
            "kube.api",
            "runtime.api",
            "store.derby",
            "kube.rest");

    private final MessageBus bus;
    private final SwapHost host;
    private final Bundles bundles;
    private final OperationFiles files;
    private final Journal journal;
    private final Swapper swapper;
    private final Candidates candidates;
    private final Libraries libraries;
    private final SettingSwap settingSwap;
    private final SwapSettings settings;
    private final InstantSource clock;
    private final DeployGuard guard;
    private final ForeignUpdates foreign;
    private final SwapThreads threads = new SwapThreads();
    private final Object installing = new Object();
    private final Set<String> busy = new HashSet<>();
    private final Set<String> underWay = new HashSet<>();
    private long lastId;
    private volatile boolean closing;

    /** Operations on the bundles of {@code context}'s framework, remembered in {@code store}. */
    public ModuleSwaps(
            BundleContext context,
            MessageBus bus,
            SwapHost host,
            DocumentStore store,
            SwapSettings settings,
            InstantSource clock) {
        this.bus = bus;
        this.host = host;
        this.settings = settings;
        this.clock = clock;
        bundles = new Bundles(context);
        files = new OperationFiles(settings.folder(), settings.maxBytes());
        journal = new Journal(store, settings.remembered());
        settingSwap = new SettingSwap(journal, settings.gate(), () -> closing);
        swapper = new Swapper(host, bundles, files, journal, settings.gate(), () -> closing);
        candidates = new Candidates(files, new TrustedSigners(settings.signers(), clock), bundles);
        libraries = new Libraries(bundles);
        guard = new DeployGuard(context, settings, clock);
        OperationFiles kept = new OperationFiles(settings.folder().resolveSibling("present"), settings.maxBytes());
        foreign = new ForeignUpdates(context, host, new PresentBundles(kept), new OnOurThreads());
    }

    /** Ends the operations a former process left unfinished, and begins to watch what others do to modules' bundles. */
    public void open() {
        threads.begin(() -> new Recovery(bundles, files, journal, clock, () -> closing).run());
        foreign.open();
    }

    private final class OnOurThreads implements ForeignUpdates.Operations {

        @Override
        public void later(Runnable work) {
            threads.later(work);
        }

        @Override
        public void supervise(String module, ForeignUpdates.Supervision changed) {
            begin(
                            Kind.UPGRADE,
                            module,
                            progress -> swapper.supervise(progress, changed, () -> objection(changed.bundle())))
                    .whenComplete((operation, failure) -> changed.swap().flow());
        }

        private Optional<String> objection(Bundle bundle) {
            try {
                return guard.objection(bundle);
            } catch (EdgeException e) {
                return Optional.empty(); // the gate sees whether it runs
            }
        }

        @Override
        public void removed(String module, PresentBundles.Kept former) {
            Progress progress = new Progress(nextId(), Kind.REMOVE, module, clock);
            progress.from(former.label());
            progress.step("seen", "the bundle was uninstalled from outside; messages wait for the next of this name");
            threads.later(() -> {
                files.adopt(progress.id(), former.file());
                record(progress.as(Outcome.SUCCEEDED, ""));
            });
        }

        @Override
        public boolean areCalling() {
            return SwapThreads.areCalling();
        }
    }

    /** Lets the step in work end, for five seconds at most. */
    @Override
    public void close() {
        closing = true;
        foreign.close();
        if (!threads.close()) {
            LOG.warn("operation left unfinished");
        }
    }

    @Override
    public CompletionStage<SwapOperation> upgrade(String module, PackageSource source, boolean force) {
        return begin(Kind.UPGRADE, module, progress -> {
            Bundle bundle = bundle(module);
            progress.from(Bundles.label(bundle));
            announce(progress);
            Candidate candidate = candidates.successor(progress, bundle, source, force);
            return withLibraries(
                    progress,
                    candidate,
                    () -> swapper.replace(progress, bundle, candidate.module().file()));
        });
    }

    private Bundle bundle(String module) {
        if (PLATFORM.contains(module)) {
            throw new EdgeException(
                    Reason.INVALID,
                    module + " is no module but part of the platform that carries them; it can't be replaced this way");
        }
        return bundles.ofModule(module)
                .orElseThrow(() -> new EdgeException(
                        Reason.NOT_FOUND, "there is no module " + module + " here: see edge:modules"));
    }

    // Whoever finds the process killed finds what it was about, too, even while nothing is changed yet.
    private void announce(Progress progress) {
        journal.write(progress.as(Outcome.RUNNING, ""));
    }

    /** Libraries first, beside what runs; only then the module. */
    private SwapOperation withLibraries(Progress progress, Candidate candidate, Supplier<SwapOperation> work) {
        if (candidate.libraries().isEmpty()) {
            return work.get();
        }
        // What one operation has installed and not yet used must not be taken away by the next.
        synchronized (installing) {
            List<Bundle> installed = libraries.put(progress, candidate.libraries());
            boolean kept = false;
            try {
                SwapOperation operation = work.get();
                kept = operation.outcome() == Outcome.SUCCEEDED;
                return operation;
            } finally {
                if (kept) {
                    libraries.trim();
                } else {
                    libraries.takeAway(installed);
                }
            }
        }
    }

    @Override
    public CompletionStage<SwapOperation> install(PackageSource source) {
        return begin(Kind.INSTALL, "", progress -> {
            announce(progress);
            Candidate candidate = candidates.newcomer(progress, source);
            // Two installations of one bundle must not both find that it isn't there.
            synchronized (installing) {
                return withLibraries(progress, candidate, () -> swapper.install(progress, candidate.module()));
            }
        });
    }

    @Override
    public CompletionStage<SwapOperation> remove(String module) {
        return begin(Kind.REMOVE, module, progress -> {
            Bundle bundle = bundle(module);
            progress.from(Bundles.label(bundle));
            announce(progress);
            SwapOperation removed = swapper.remove(progress, bundle);
            if (removed.outcome() == Outcome.SUCCEEDED) {
                bus.cleanup(module);
            }
            return removed;
        });
    }

    @Override
    public CompletionStage<SwapOperation> rollback(String module) {
        return begin(Kind.ROLLBACK, module, progress -> {
            SwapOperation last = lastChange(module);
            progress.step("check", "undo " + last.id());
            bundles.ofModule(module).map(Bundles::label).ifPresent(progress::from);
            announce(progress);
            BundleJar jar =
                    candidates.former(progress, files.snapshotOf(last.id())).module();
            if (bundles.ofModule(module).isEmpty()) {
                return swapper.install(progress, jar);
            }
            Bundle bundle = bundle(module);
            progress.from(Bundles.label(bundle));
            return swapper.replace(progress, bundle, jar.file());
        });
    }

    private SwapOperation lastChange(String module) {
        return journal.list().stream()
                .filter(o -> o.module().equals(module) && o.outcome() == Outcome.SUCCEEDED)
                .findFirst()
                .filter(o -> Files.isRegularFile(files.snapshotOf(o.id())))
                .orElseThrow(() -> new EdgeException(
                        Reason.NOT_FOUND, "there is nothing to go back to for " + module + ": see edge:operations"));
    }

    /** Sees a module through a change of its settings; {@code false} when another operation on it is under way. */
    public boolean configure(String module, SettingChange change) {
        ModuleSwap swap;
        try {
            swap = host.beginSwap(module);
        } catch (EdgeException e) {
            return false;
        }
        String bundle = bundles.ofModule(module).map(Bundles::label).orElse("");
        CompletableFuture<SwapOperation> ended = begin(Kind.CONFIGURE, module, progress -> {
                    progress.from(bundle);
                    return settingSwap.configure(progress, change, swap);
                })
                .whenComplete((operation, failure) -> swap.flow())
                .toCompletableFuture();
        return !ended.isDone() || ended.join().outcome() != Outcome.REFUSED;
    }

    private CompletionStage<SwapOperation> begin(Kind kind, String module, Function<Progress, SwapOperation> work) {
        Progress progress = new Progress(nextId(), kind, module, clock);
        CompletableFuture<SwapOperation> ended = new CompletableFuture<>();
        boolean mine = occupy(module);
        try {
            if (mine) {
                threads.execute(() -> ended.complete(run(progress, module, work)));
            } else {
                SwapOperation refused =
                        progress.as(Outcome.REFUSED, "another operation on " + module + " is under way");
                ended.complete(refused);
                threads.execute(() -> record(refused));
            }
        } catch (RejectedExecutionException e) {
            if (mine) {
                release(module);
            }
            ended.complete(
                    progress.as(Outcome.REFUSED, "too many operations wait, or the host of modules is stopping"));
        }
        return ended;
    }

    private SwapOperation run(Progress progress, String module, Function<Progress, SwapOperation> work) {
        SwapOperation operation;
        underWay(progress.id(), true);
        try {
            operation =
                    closing ? progress.as(Outcome.REFUSED, "the host of modules is stopping") : work.apply(progress);
        } catch (EdgeException e) {
            operation = progress.as(Outcome.REFUSED, e.getMessage());
        } catch (RuntimeException | LinkageError e) {
            LOG.error("operation broke: id={} module={}", progress.id(), module, e);
            operation = progress.as(Outcome.INTERRUPTED, "it broke: " + e);
        } finally {
            release(module);
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
        record(operation);
        return operation;
    }

    // The swap itself is done: a full disk must not turn its outcome.
    private void record(SwapOperation operation) {
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
                .limit(settings.snapshots())
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

    private synchronized boolean occupy(String module) {
        return module.isEmpty() || busy.add(module);
    }

    private synchronized void release(String module) {
        busy.remove(module);
    }

    private synchronized String nextId() {
        lastId = Math.max(lastId + 1, clock.millis());
        return ID.format(Instant.ofEpochMilli(lastId));
    }

    @Override
    public List<SwapOperation> list() {
        return journal.list();
    }
}
