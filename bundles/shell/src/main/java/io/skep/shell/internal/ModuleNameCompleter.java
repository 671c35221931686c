package io.skep.shell.internal;

import io.skep.core.api.module.ModuleRegistry;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes names of modules. */
@Service
public final class ModuleNameCompleter implements Completer {

    @Reference(optional = true)
    ModuleRegistry modules;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        List<String> names = modules == null
                ? List.of()
                : modules.list().stream().map(ModuleStatus::name).toList();
        return new StringsCompleter(names).complete(session, line, candidates);
    }
}
