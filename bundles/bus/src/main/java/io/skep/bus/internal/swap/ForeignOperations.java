package io.skep.bus.internal.swap;

import io.skep.core.api.EdgeException;
import io.skep.core.api.operation.SwapOperation.Kind;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.util.Optional;
import org.osgi.framework.Bundle;

/** Makes an operation like any other of what {@link ForeignUpdates} sees. */
final class ForeignOperations implements ForeignUpdates.Operations {

    private final OperationRunner runner;
    private final SwapThreads threads;
    private final Swapper swapper;
    private final DeployGuard guard;
    private final OperationFiles files;

    ForeignOperations(
            OperationRunner runner, SwapThreads threads, Swapper swapper, DeployGuard guard, OperationFiles files) {
        this.runner = runner;
        this.threads = threads;
        this.swapper = swapper;
        this.guard = guard;
        this.files = files;
    }

    @Override
    public void later(Runnable work) {
        threads.later(work);
    }

    @Override
    public void supervise(String module, ForeignUpdates.Supervision changed) {
        runner.begin(
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
        Progress progress = runner.make(Kind.REMOVE, module);
        progress.from(former.label());
        progress.step("seen", "the bundle was uninstalled from outside; messages wait for the next of this name");
        threads.later(() -> {
            files.adopt(progress.id(), former.file());
            runner.record(progress.as(Outcome.SUCCEEDED, ""));
        });
    }

    @Override
    public boolean areCalling() {
        return SwapThreads.areCalling();
    }
}
