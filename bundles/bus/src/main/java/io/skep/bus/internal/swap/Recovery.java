package io.skep.bus.internal.swap;

import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends what a killed process left unfinished. The framework keeps a bundle's old or new content, never half of it; the new
 * one was not through its gate, so the former one is put back from its snapshot.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private static final Set<Kind> HAVE_NO_WAY_BACK = EnumSet.of(Kind.INSTALL, Kind.REMOVE, Kind.CONFIGURE);

    private final Bundles bundles;
    private final OperationFiles files;
    private final Journal journal;
    private final InstantSource clock;
    private final BooleanSupplier closing;

    Recovery(Bundles bundles, OperationFiles files, Journal journal, InstantSource clock, BooleanSupplier closing) {
        this.bundles = bundles;
        this.files = files;
        this.journal = journal;
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
        } catch (RuntimeException e) {
            LOG.warn("unfinished operations not looked at: reason={}", e.getMessage());
        }
    }

    private void end(SwapOperation operation) {
        String found = HAVE_NO_WAY_BACK.contains(operation.kind())
                ? ""
                : whole(operation).map(b -> "; " + b + " is in place").orElse("; its bundle is missing");
        SwapOperation ended = new SwapOperation(
                operation.id(),
                operation.kind(),
                operation.module(),
                Outcome.INTERRUPTED,
                "the process ended in the middle of it" + found,
                operation.started(),
                clock.instant(),
                operation.fromBundle(),
                operation.toBundle(),
                operation.checksum(),
                operation.pause(),
                operation.steps());
        journal.write(ended);
        files.dropArrived(operation.id());
        LOG.warn("operation was interrupted: id={} module={} reason={}", ended.id(), ended.module(), ended.reason());
    }

    private Optional<String> whole(SwapOperation operation) {
        String name = operation.fromBundle().split("/", 2)[0];
        Path former = files.snapshotOf(operation.id());
        Optional<Bundle> there = bundles.named(name);
        try {
            if (there.isEmpty() && Files.isRegularFile(former)) {
                there = Optional.of(bundles.install(BundleJar.read(former, "")));
            }
            if (there.isPresent()) {
                restore(there.get(), former);
            }
        } catch (BundleException | IOException | RuntimeException e) {
            LOG.error("module is not whole: module={} bundle={}", operation.module(), name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return there.map(Bundles::label);
    }

    // A version that was not through its gate is nothing to rely on, even if it starts.
    private void restore(Bundle bundle, Path former) throws BundleException, IOException, InterruptedException {
        if (Files.isRegularFile(former)) {
            bundle.stop(Bundle.STOP_TRANSIENT);
            bundles.update(bundle, former);
        }
        bundle.start();
    }
}
