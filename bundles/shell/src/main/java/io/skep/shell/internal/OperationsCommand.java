package io.skep.shell.internal;

import io.skep.core.api.operation.ModuleOperations;
import io.skep.core.api.operation.SwapOperation;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code edge:operations} lists the replacements of modules, newest first. */
@Service
@Command(scope = "edge", name = "operations", description = "Lists upgrades, installations and removals of modules")
public final class OperationsCommand extends EdgeCommand {

    @Reference(optional = true)
    ModuleOperations operations;

    @Argument(name = "module", description = "Only those of this module")
    @Completion(ModuleNameCompleter.class)
    String module;

    @Override
    void run(PrintStream out) throws Exception {
        List<SwapOperation> all = OperationCommand.present(operations).list().stream()
                .filter(o -> module == null || o.module().equals(module))
                .toList();
        if (json) {
            out.println(Json.pretty(all.stream().map(OperationView::tree).toList()));
        } else {
            table(all, Instant.now()).print(out);
        }
    }

    private static Table table(List<SwapOperation> operations, Instant now) {
        return new Table(
                List.of("ID", "KIND", "MODULE", "OUTCOME", "AGE", "PAUSE", "BUNDLE", "REASON"),
                operations.stream()
                        .map(o -> OperationView.row(o, Ages.text(Duration.between(o.ended(), now))))
                        .toList(),
                "No module was replaced yet");
    }
}
