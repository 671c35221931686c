package io.skep.shell.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.bus.MessageBus;
import io.skep.kube.api.KubeException;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Action;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.support.CommandException;

/** What all commands share: {@code --json}, and failures as one line. */
abstract class EdgeCommand implements Action {

    @Reference(optional = true)
    MessageBus bus;

    @Option(name = "--json", description = "Prints JSON for a script")
    boolean json;

    @Override
    public final Object execute() throws Exception {
        try {
            run(System.out);
            return null;
        } catch (KubeException e) {
            throw new CommandException("refused: " + e.reason() + ": " + e.getMessage(), e);
        } catch (EdgeException e) {
            throw new CommandException("failed: " + e.reason().status() + ": " + e.getMessage(), e);
        }
    }

    /** Does the work; prints to {@code out} only. */
    abstract void run(PrintStream out) throws Exception;

    final Questions questions() {
        return new Questions(bus);
    }
}
