package io.skep.shell.internal;

import io.skep.core.api.bus.MessageBus;
import io.skep.core.api.module.ModuleNames;
import java.util.List;
import org.apache.karaf.shell.api.action.lifecycle.Reference;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.api.console.CommandLine;
import org.apache.karaf.shell.api.console.Completer;
import org.apache.karaf.shell.api.console.Session;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.completers.StringsCompleter;

/** Completes names of this node's pods. */
@Service
public final class PodNameCompleter implements Completer {

    @Reference(optional = true)
    MessageBus bus;

    @Override
    public int complete(Session session, CommandLine line, List<String> candidates) {
        return new StringsCompleter(names()).complete(session, line, candidates);
    }

    private List<String> names() {
        try {
            Object pods = new Questions(bus).ask(ModuleNames.EDGED, ModuleNames.GROUP_EDGED, "pods");
            return pods instanceof List<?> list
                    ? list.stream().map(pod -> Questions.doc(pod).text("name")).toList()
                    : List.of();
        } catch (CommandException e) {
            return List.of();
        }
    }
}
