package io.skep.bus.internal.swap;

import io.skep.bus.internal.host.ModuleSwap;
import io.skep.bus.internal.host.SwapHost;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.bus.BusStatus;
import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.module.ModuleNames;
import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.PackageSource;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import io.skep.core.api.store.DocumentStore;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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
    private final InstantSource clock;
    private final ForeignUpdates foreign;
    private final BusyPlaces places = new BusyPlaces();
    private final SwapThreads threads = new SwapThreads();
    private final OperationRunner runner;

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
        this.clock = clock;
        bundles = new Bundles(context);
        files = new OperationFiles(settings.folder(), settings.maxBytes());
        journal = new Journal(store, settings.remembered());
        runner = new OperationRunner(threads, places, journal, files, settings.snapshots(), clock);
        settingSwap = new SettingSwap(journal, settings.gate(), runner::isClosing);
        swapper = new Swapper(host, bundles, files, journal, places, settings.gate(), runner::isClosing);
        candidates = new Candidates(files, new TrustedSigners(settings.signers(), clock), bundles);
        libraries = new Libraries(bundles, store);
        DeployGuard guard = new DeployGuard(context, settings, clock);
        OperationFiles kept = new OperationFiles(settings.folder().resolveSibling("present"), settings.maxBytes());
        foreign = new ForeignUpdates(
                context, host, new PresentBundles(kept), new ForeignOperations(runner, threads, swapper, guard, files));
    }

    /** Ends the operations a former process left unfinished, and begins to watch what others do to modules' bundles. */
    public void open() {
        threads.begin(() -> new Recovery(bundles, files, journal, libraries, clock, runner::isClosing).run());
        foreign.open();
    }

    /** Lets the step in work end, for five seconds at most. */
    @Override
    public void close() {
        runner.stop();
        foreign.close();
        if (!threads.close()) {
            LOG.warn("operation left unfinished");
        }
    }

    @Override
    public CompletionStage<SwapOperation> upgrade(String module, PackageSource source, boolean force) {
        return runner.begin(Kind.UPGRADE, module, progress -> {
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
        boolean settled = false;
        try {
            libraries.put(progress, candidate.libraries());
            SwapOperation operation = work.get();
            if (operation.outcome() == Outcome.SUCCEEDED) {
                accept(operation);
            }
            settled = operation.outcome() == Outcome.SUCCEEDED || runner.isLeft(operation);
            return operation;
        } finally {
            if (!settled) {
                libraries.dismiss(progress.id());
            }
        }
    }

    // On a full disk all of it stays on trial there: the next start finds the operation under way, and undoes both.
    private void accept(SwapOperation operation) {
        try {
            journal.write(operation, libraries.acceptance(operation.id()));
        } catch (EdgeException e) {
            LOG.warn("libraries not recorded: id={} reason={}", operation.id(), e.getMessage());
        }
        libraries.accept(operation.id());
    }

    @Override
    public CompletionStage<SwapOperation> install(PackageSource source) {
        return runner.begin(Kind.INSTALL, "", progress -> {
            announce(progress);
            Candidate candidate = candidates.newcomer(progress, source);
            String bundle = candidate.module().name();
            // Two installations of one bundle must not both find that it isn't there.
            if (!places.takeBundle(bundle, progress.id())) {
                throw new EdgeException(Reason.CONFLICT, "another operation installs the bundle " + bundle);
            }
            Set<String> known = mailboxes();
            SwapOperation installed =
                    withLibraries(progress, candidate, () -> swapper.install(progress, candidate.module()));
            String module = installed.module();
            if (installed.outcome() == Outcome.ROLLED_BACK && !module.isEmpty() && !known.contains(module)) {
                bus.cleanup(module);
            }
            return installed;
        });
    }

    private Set<String> mailboxes() {
        return bus.status().mailboxes().stream().map(BusStatus.Mailbox::module).collect(Collectors.toSet());
    }

    @Override
    public CompletionStage<SwapOperation> remove(String module) {
        return runner.begin(Kind.REMOVE, module, progress -> {
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
        return runner.begin(Kind.ROLLBACK, module, progress -> {
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
        CompletableFuture<SwapOperation> ended = runner.begin(Kind.CONFIGURE, module, progress -> {
                    progress.from(bundle);
                    return settingSwap.configure(progress, change, swap);
                })
                .whenComplete((operation, failure) -> swap.flow())
                .toCompletableFuture();
        return !ended.isDone() || ended.join().outcome() != Outcome.REFUSED;
    }

    @Override
    public List<SwapOperation> list() {
        return journal.list();
    }
}
