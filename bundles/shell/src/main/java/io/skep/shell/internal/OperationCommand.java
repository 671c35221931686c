package io.skep.shell.internal;

import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.PackageSource;
import io.skep.core.api.operation.SwapOperation;
import io.skep.core.api.operation.SwapOperation.Outcome;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.support.CommandException;

/** What the commands that replace modules share: they wait for the operation and fail when it did. */
abstract class OperationCommand extends EdgeCommand {

    private static final long LIMIT_SECONDS = 120;

    @Reference(optional = true)
    ModuleOperations operations;

    /** Begins the operation. */
    abstract CompletionStage<SwapOperation> begin(ModuleOperations with);

    @Override
    final void run(PrintStream out) throws Exception {
        SwapOperation operation = await(begin(present(operations)));
        if (json) {
            out.println(Json.pretty(OperationView.tree(operation)));
        }
        if (operation.outcome() != Outcome.SUCCEEDED) {
            throw new CommandException(OperationView.sentence(operation));
        }
        if (!json) {
            out.println(OperationView.sentence(operation));
        }
    }

    static ModuleOperations present(ModuleOperations operations) throws CommandException {
        if (operations == null) {
            throw new CommandException("modules can't be replaced here: install the feature edge-core");
        }
        return operations;
    }

    /** A package and the checksum it must have; {@code null} for none told. */
    static PackageSource source(String given, String checksum) {
        return new PackageSource(address(given), checksum == null ? "" : checksum);
    }

    /** An address as it is; a path as an absolute one, since the other side has no present folder of ours. */
    static String address(String given) {
        return given.startsWith("mvn:") || given.startsWith("file:")
                ? given
                : Path.of(given).toAbsolutePath().normalize().toString();
    }

    private static SwapOperation await(CompletionStage<SwapOperation> stage) throws Exception {
        try {
            return stage.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new CommandException(
                    "still under way after " + LIMIT_SECONDS + " s: see edge:operations for how it ends", e);
        } catch (ExecutionException e) {
            throw new CommandException("failed: " + e.getCause(), e);
        }
    }
}
