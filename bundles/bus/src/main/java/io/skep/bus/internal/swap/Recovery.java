package io.skep.bus.internal.swap;

import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what a killed process left unfinished. The new content of a bundle was not through its gate, so the former one is put
 * back from its snapshot, and what was not there before goes again. The framework has the one or the other, or neither: a
 * bundle whose new content it finds to be half written it drops whole.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final Bundles bundles;
    private final OperationFiles files;
    private final Journal journal;
    private final Libraries libraries;
    private final InstantSource clock;
    private final BooleanSupplier closing;

    Recovery(
            Bundles bundles,
            OperationFiles files,
            Journal journal,
            Libraries libraries,
            InstantSource clock,
            BooleanSupplier closing) {
        this.bundles = bundles;
        this.files = files;
        this.journal = journal;
        this.libraries = libraries;
        this.clock = clock;
        this.closing = closing;
    }

    void run() {
        try {
            for (SwapOperation operation : journal.unfinished()) {
                if (!closing.getAsBoolean()) {
                    end(operation);
                }
            }
            // Only now, when no module is wired to them any more.
            if (!closing.getAsBoolean()) {
                libraries.recover();
            }
        } catch (RuntimeException e) {
            LOG.warn("unfinished operations not looked at: reason={}", e.getMessage());
        }
    }

    private void end(SwapOperation operation) {
        Undone undone = undone(operation);
        SwapOperation ended = new SwapOperation(
                operation.id(),
                operation.kind(),
                operation.module(),
                Outcome.INTERRUPTED,
                "the process ended in the middle of it" + undone.reason(),
                operation.started(),
                clock.instant(),
                operation.fromBundle(),
                operation.toBundle(),
                operation.checksum(),
                operation.pause(),
                operation.steps());
        journal.write(ended);
        // A snapshot that is in place again is nothing to go back to; one that could not be put there is the only copy.
        if (undone.whole()) {
            files.drop(operation.id());
        } else {
            files.dropArrived(operation.id());
        }
        LOG.warn("operation was interrupted: id={} module={} reason={}", ended.id(), ended.module(), ended.reason());
    }

    /** How an operation was undone, as its reason goes on, and whether all is as it was. */
    private record Undone(String reason, boolean whole) {}

    private Undone undone(SwapOperation operation) {
        if (operation.steps().stream().anyMatch(s -> s.name().equals(Swapper.INSTALL))) {
            return new Undone(takenAway(operation), true);
        }
        // Without a former bundle nothing had begun yet.
        return operation.kind() == Kind.CONFIGURE || operation.fromBundle().isEmpty()
                ? new Undone("", true)
                : formerBack(operation);
    }

    private String takenAway(SwapOperation operation) {
        Optional<Bundle> there = bundles.installed(name(operation.toBundle()));
        try {
            if (there.isPresent()) {
                there.get().uninstall();
            }
            return "; nothing of it is left";
        } catch (BundleException e) {
            return "; its bundle could not be taken away: " + Swapper.sentence(e);
        }
    }

    private static String name(String label) {
        return label.split("/", 2)[0];
    }

    private Undone formerBack(SwapOperation operation) {
        String name = name(operation.fromBundle());
        Path former = files.snapshotOf(operation.id());
        Optional<Bundle> there = bundles.named(name);
        boolean whole = false;
        try {
            if (there.isEmpty() && Files.isRegularFile(former)) {
                there = Optional.of(bundles.reinstall(BundleJar.read(former, "")));
            }
            if (there.isPresent()) {
                restore(there.get(), former);
                whole = true;
            }
        } catch (BundleException | IOException | RuntimeException e) {
            LOG.error("module is not whole: module={} bundle={}", operation.module(), name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Undone(
                there.map(b -> "; " + Bundles.label(b) + " is in place").orElse("; its bundle is missing"), whole);
    }

    // A version that was not through its gate is nothing to rely on, even if it starts.
    private void restore(Bundle bundle, Path former) throws BundleException, IOException, InterruptedException {
        if (Files.isRegularFile(former)) {
            bundle.stop(Bundle.STOP_TRANSIENT);
            bundles.update(bundle, former);
        }
        bundle.start();
        FrameworkFiles.sync(bundle);
    }
}
