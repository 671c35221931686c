package io.skep.shell.internal;

import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.ResourceStore;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes names of the kind, and in the namespace, that the line already says. */
@Service
public final class ObjectNameCompleter implements Completer {

    @Reference(optional = true)
    ResourceStore store;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(names(List.of(line.getArguments()))).complete(session, line, candidates);
    }

    /** The first argument that names a kind is the kind. */
    List<String> names(List<String> arguments) {
        if (store == null) {
            return List.of();
        }
        String namespace = CloudCommand.DEFAULT_NAMESPACE;
        for (int i = 0; i < arguments.size() - 1; i++) {
            if (arguments.get(i).equals("-n") || arguments.get(i).equals("--namespace")) {
                namespace = arguments.get(i + 1);
            }
        }
        for (String argument : arguments) {
            try {
                ResourceKind kind = KindNames.find(store, argument);
                return NamesOf.objects(store, kind, kind.namespaced() ? namespace : "");
            } catch (CommandException e) {
                // Not the kind: the command itself, or an option.
            }
        }
        return List.of();
    }
}
