package io.skep.shell.internal;

import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code edge:ask <module> <resource>} sends a query to any module, also one that Skep knows nothing of. */
@Service
@Command(scope = "edge", name = "ask", description = "Sends a query to a module and prints its answer")
public final class AskCommand extends EdgeCommand {

    private static final String GROUP = "shell";

    @Argument(index = 0, name = "module", description = "Name of the module", required = true)
    @Completion(ModuleNameCompleter.class)
    String module;

    @Argument(index = 1, name = "resource", description = "What the query is about", required = true)
    String resource;

    @Override
    void run(PrintStream out) throws Exception {
        Object answer = questions().ask(module, GROUP, resource);
        out.println(json || !(answer instanceof String text) ? Json.pretty(answer) : text);
    }
}
