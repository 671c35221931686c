package io.skep.shell.internal;

import io.skep.core.api.message.Content;
import io.skep.core.api.message.Message;
import io.skep.core.api.message.Operation;
import io.skep.core.api.message.Route;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** {@code cloud:module-operations} lists the newest replacements of modules on a node. */
@Service
@Command(
        scope = "cloud",
        name = "module-operations",
        description = "Lists the newest upgrades, installations and removals of modules on a node")
public final class NodeOperationsCommand extends EdgeCommand {

    private static final Duration LIMIT = Duration.ofSeconds(15);

    @Argument(name = "node", description = "The node", required = true)
    @Completion(NodeNameCompleter.class)
    String node;

    @Override
    void run(PrintStream out) throws Exception {
        if (bus == null) {
            throw new CommandException("there is no message bus here: install the feature edge-core");
        }
        Route route = Route.of("shell", ModuleNames.GROUP_OPERATIONS, Operation.QUERY, "node/" + node + "/operations");
        Object answer = Json.read(NodeUpgrade.ask(bus, node, Message.of(route, Content.EMPTY), LIMIT));
        if (!(answer instanceof List<?> operations)) {
            throw new CommandException("refused: " + Questions.doc(answer).text("reason"));
        }
        if (json) {
            out.println(Json.pretty(operations));
        } else {
            table(operations.stream().map(Questions::doc).toList(), Instant.now())
                    .print(out);
        }
    }

    private static Table table(List<Doc> operations, Instant now) {
        return new Table(
                List.of("ID", "KIND", "MODULE", "OUTCOME", "AGE", "PAUSE", "BUNDLE", "REASON"),
                operations.stream()
                        .map(o -> List.of(
                                o.text("id"),
                                o.text("kind"),
                                o.text("module"),
                                o.text("outcome"),
                                Ages.since(o.text("ended"), now),
                                o.text("pauseMillis") + " ms",
                                NodeResult.change(o),
                                o.text("reason")))
                        .toList(),
                "No module was replaced there yet");
    }
}
