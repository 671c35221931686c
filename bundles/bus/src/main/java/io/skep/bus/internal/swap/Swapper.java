package io.skep.bus.internal.swap;

import io.skep.bus.internal.host.Gate;
import io.skep.bus.internal.host.ModuleSwap;
import io.skep.bus.internal.host.SwapHost;
import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts one bundle in the place of another under a module's mailbox, and the former one back when the new one is not
 * healthy. Blocks: up to the drain limit for the old module and the gate for each that is tried.
 */
final class Swapper {

    private static final Logger LOG = LoggerFactory.getLogger(Swapper.class);

    /** The step after which there may be a bundle that was not there before. */
    static final String INSTALL = "install";

    private final SwapHost host;
    private final Bundles bundles;
    private final OperationFiles files;
    private final Journal journal;
    private final BusyPlaces places;
    private final Gate gate;
    private final BooleanSupplier closing;

    /** @param closing whether the host of modules is going, so that nothing more can be tried */
    Swapper(
            SwapHost host,
            Bundles bundles,
            OperationFiles files,
            Journal journal,
            BusyPlaces places,
            Gate gate,
            BooleanSupplier closing) {
        this.host = host;
        this.bundles = bundles;
        this.files = files;
        this.journal = journal;
        this.places = places;
        this.gate = gate;
        this.closing = closing;
    }

    /**
     * Replaces what {@code bundle} is with {@code file}.
     *
     * @throws EdgeException when it could not begin; then nothing was stopped
     */
    SwapOperation replace(Progress progress, Bundle bundle, Path file) {
        progress.step("snapshot", Bundles.label(bundle));
        Path former = files.snapshot(progress.id(), bundle);
        progress.step("swap", "");
        journal.write(progress.as(Outcome.RUNNING, ""));
        ModuleSwap swap = host.beginSwap(progress.module());
        long began = System.nanoTime();
        return conclude(progress, bundle, former, swap, began, () -> put(progress, bundle, file, swap));
    }

    /**
     * Takes over where somebody else has changed what {@code changed} is, and starts it again himself.
     *
     * @param objection tells why what it is now may not run; nothing when it may or that is not known yet
     * @throws EdgeException when there is no way back; then nothing was touched
     */
    SwapOperation supervise(
            Progress progress, ForeignUpdates.Supervision changed, Supplier<Optional<String>> objection) {
        progress.from(changed.former().label());
        progress.to(Bundles.label(changed.bundle()));
        progress.step("seen", "the bundle was updated from outside");
        Path former = files.adopt(progress.id(), changed.former().file());
        journal.write(progress.as(Outcome.RUNNING, ""));
        return conclude(progress, changed.bundle(), former, changed.swap(), changed.stoppedNanos(), () -> {
            progress.step("gate", "");
            return objection.get().or(() -> gate(changed.swap(), objection));
        });
    }

    /** Whoever changed it may be at it still, so that the objection is known only in the course of the gate. */
    private Optional<String> gate(ModuleSwap swap, Supplier<Optional<String>> objection) {
        BooleanSupplier over = () -> closing.getAsBoolean() || objection.get().isPresent();
        try {
            return swap.await(gate, over).map(why -> objection.get().orElse(why));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("it was interrupted");
        }
    }

    private SwapOperation conclude(
            Progress progress,
            Bundle bundle,
            Path former,
            ModuleSwap swap,
            long began,
            Supplier<Optional<String>> trial) {
        SwapOperation ended;
        try {
            Optional<String> failure = trial.get();
            ended = failure.isEmpty()
                    ? progress.as(Outcome.SUCCEEDED, "")
                    : back(progress, bundle, former, swap, failure.get());
        } finally {
            swap.flow();
        }
        progress.paused(Duration.ofNanos(System.nanoTime() - began));
        // Before the end of it is on record: until then the next start has the snapshot to go back to.
        FrameworkFiles.sync(bundle);
        return progress.as(ended.outcome(), ended.reason());
    }

    private SwapOperation back(Progress progress, Bundle bundle, Path former, ModuleSwap swap, String why) {
        if (closing.getAsBoolean()) {
            return progress.as(Outcome.INTERRUPTED, "the module host stopped in the middle of it");
        }
        progress.step("rollback", why);
        Optional<String> worse = put(progress, bundle, former, swap);
        if (worse.isPresent()) {
            LOG.error(
                    "former bundle is back but not well: module={} operation={} reason={}",
                    progress.module(),
                    progress.id(),
                    worse.get());
        }
        return progress.as(
                Outcome.ROLLED_BACK,
                why + worse.map(w -> "; the former bundle is back, but " + w).orElse(""));
    }

    /** Tries {@code file} as the content of {@code bundle}; returns why it is no good, or nothing. */
    Optional<String> put(Progress progress, Bundle bundle, Path file, ModuleSwap swap) {
        try {
            progress.step("drain", "");
            bundle.stop(Bundle.STOP_TRANSIENT);
            progress.step("update", "");
            bundles.update(bundle, file);
            progress.step("start", Bundles.label(bundle));
            bundle.start(Bundle.START_TRANSIENT);
            progress.step("gate", "");
            return swap.await(gate, closing);
        } catch (BundleException e) {
            return Optional.of(sentence(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("it was interrupted");
        } catch (IOException | RuntimeException e) {
            return Optional.of("it could not be put in place: " + e.getMessage());
        }
    }

    /** Installs a file's bundle and tries the module in it; takes it away again when it is no good. */
    SwapOperation install(Progress progress, BundleJar jar) {
        if (bundles.named(jar.name()).isPresent()) {
            throw new EdgeException(
                    Reason.ALREADY_EXISTS, "the bundle " + jar.name() + " is installed: use edge:module-upgrade");
        }
        progress.step(INSTALL, jar.label());
        journal.write(progress.as(Outcome.RUNNING, ""));
        Bundle bundle;
        try {
            bundle = bundles.install(jar);
        } catch (BundleException e) {
            throw new EdgeException(Reason.INVALID, "the framework does not take it: " + sentence(e), e);
        } catch (IOException e) {
            throw new EdgeException(Reason.SERVICE_UNAVAILABLE, "it could not be installed: " + e.getMessage(), e);
        }
        Optional<String> failure = first(progress, bundle);
        if (failure.isEmpty()) {
            FrameworkFiles.sync(bundle);
            return progress.as(Outcome.SUCCEEDED, "");
        }
        if (closing.getAsBoolean()) {
            return progress.as(Outcome.INTERRUPTED, "the module host stopped in the middle of it");
        }
        progress.step("rollback", failure.get());
        try {
            bundle.uninstall();
            return progress.as(Outcome.ROLLED_BACK, failure.get());
        } catch (BundleException e) {
            return progress.as(
                    Outcome.ROLLED_BACK, failure.get() + "; the bundle could not be taken away: " + sentence(e));
        }
    }

    private Optional<String> first(Progress progress, Bundle bundle) {
        try {
            progress.step("start", "");
            bundle.start(Bundle.START_TRANSIENT);
            Optional<String> module = module(bundle);
            if (module.isEmpty()) {
                return Optional.of("the bundle did not register a module within "
                        + gate.limit().toSeconds() + " s");
            }
            Optional<Bundle> other = bundles.ofModule(module.get()).filter(b -> !b.equals(bundle));
            if (other.isPresent()) {
                return Optional.of(
                        "the module " + module.get() + " is there already, from " + Bundles.label(other.get()));
            }
            progress.module(module.get());
            if (!places.takeModule(module.get(), progress.id())) {
                return Optional.of("another operation on " + module.get() + " is under way");
            }
            Optional<String> failure = firstGate(progress);
            if (failure.isEmpty()) {
                bundle.start(); // from now on with each start of the process
            }
            return failure;
        } catch (BundleException e) {
            return Optional.of(sentence(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("it was interrupted");
        } catch (RuntimeException e) {
            return Optional.of("it could not be started: " + e.getMessage());
        }
    }

    private Optional<String> firstGate(Progress progress) throws InterruptedException {
        progress.step("gate", "");
        ModuleSwap swap = host.beginSwap(progress.module());
        try {
            return swap.awaitHealthy(gate, closing);
        } finally {
            swap.flow();
        }
    }

    private Optional<String> module(Bundle bundle) throws InterruptedException {
        BooleanSupplier over = gate.begin();
        while (Bundles.modules(bundle).isEmpty() && !over.getAsBoolean() && !closing.getAsBoolean()) {
            Thread.sleep(20);
        }
        return Bundles.modules(bundle).stream().findFirst();
    }

    /** Uninstalls a bundle after its module was drained; keeps what is needed to bring it back. */
    SwapOperation remove(Progress progress, Bundle bundle) {
        progress.step("snapshot", Bundles.label(bundle));
        files.snapshot(progress.id(), bundle);
        progress.step("remove", "");
        journal.write(progress.as(Outcome.RUNNING, ""));
        try {
            bundle.uninstall();
            return progress.as(Outcome.SUCCEEDED, "");
        } catch (BundleException e) {
            return progress.as(Outcome.ROLLED_BACK, "the framework did not remove it: " + sentence(e));
        }
    }

    // The framework's message is a paragraph with revision numbers; its cause often says the thing in one line.
    static String sentence(BundleException e) {
        Throwable cause = e.getCause();
        String what = switch (e.getType()) {
            case BundleException.RESOLVE_ERROR -> "the bundle can't be resolved: ";
            case BundleException.ACTIVATOR_ERROR -> "the bundle failed to start: ";
            default -> "";
        };
        String text = cause == null || e.getType() == BundleException.RESOLVE_ERROR ? e.getMessage() : cause.toString();
        return what + String.valueOf(text).lines().findFirst().orElse("");
    }
}
