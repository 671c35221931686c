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

/** {@code edge:module-install} installs a bundle that brings a new module. */
@Service
@Command(scope = "edge", name = "module-install", description = "Installs a module from a file or mvn: address")
public final class ModuleInstallCommand extends OperationCommand {

    @Argument(name = "file", description = "A bundle or KAR: a file, or mvn:group/artifact/version", required = true)
    @Completion(FileCompleter.class)
    String file;

    @Option(name = "--sha256", description = "SHA-256 the file must have, in hexadecimal")
    String checksum;

    @Override
    CompletionStage<SwapOperation> begin(ModuleOperations with) {
        return with.install(source(file, checksum));
    }
}
