package io.skep.shell.internal;

import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.SwapOperation;
import java.util.concurrent.CompletionStage;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.completers.FileCompleter;

/** {@code edge:module-upgrade} replaces a module while everything runs. */
@Service
@Command(
        scope = "edge",
        name = "module-upgrade",
        description = "Replaces a module while it runs; the old one comes back if the new one is bad")
public final class ModuleUpgradeCommand extends OperationCommand {

    @Argument(index = 0, name = "name", description = "Name of the module", required = true)
    @Completion(ModuleNameCompleter.class)
    String name;

    @Argument(
            index = 1,
            name = "file",
            description = "A bundle or KAR: a file, or mvn:group/artifact/version",
            required = true)
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "--force", description = "Also takes a lower version")
    boolean force;

    @Option(name = "--sha256", description = "SHA-256 the file must have, in hexadecimal")
    String checksum;

    @Override
    CompletionStage<SwapOperation> begin(ModuleOperations with) {
        return with.upgrade(name, source(file, checksum), force);
    }
}
