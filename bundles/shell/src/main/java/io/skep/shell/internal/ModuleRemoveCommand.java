package io.skep.shell.internal;

import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.SwapOperation;
import java.util.concurrent.CompletionStage;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code edge:module-remove} uninstalls the bundle of a module. */
@Service
@Command(scope = "edge", name = "module-remove", description = "Uninstalls a module; module-rollback brings it back")
public final class ModuleRemoveCommand extends OperationCommand {

    @Argument(name = "name", description = "Name of the module", required = true)
    @Completion(ModuleNameCompleter.class)
    String name;

    @Override
    CompletionStage<SwapOperation> begin(ModuleOperations with) {
        return with.remove(name);
    }
}
