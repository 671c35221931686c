package io.skep.shell.internal;

import io.skep.kube.api.ResourceStore;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes kinds by their plural. */
@Service
public final class KindCompleter implements Completer {

    @Reference(optional = true)
    ResourceStore store;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<String> kinds = store == null ? List.of() : KindNames.plurals(store);
        return new StringsCompleter(kinds).complete(session, line, candidates);
    }
}
