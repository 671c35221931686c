package io.skep.shell.internal;

import io.skep.core.api.module.ModuleNames;
import java.io.PrintStream;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code edge:pod <name>} shows one pod of this node. */
@Service
@Command(scope = "edge", name = "pod", description = "Shows a pod of this node")
public final class PodCommand extends EdgeCommand {

    @Argument(name = "name", description = "Name of the pod", required = true)
    @Completion(PodNameCompleter.class)
    String name;

    @Option(name = "-n", aliases = "--namespace", description = "Namespace of the pod")
    String namespace = CloudCommand.DEFAULT_NAMESPACE;

    @Override
    void run(PrintStream out) throws Exception {
        Object pod = questions().ask(ModuleNames.EDGED, ModuleNames.GROUP_EDGED, "pods/" + namespace + "/" + name);
        if (json) {
            out.println(Json.pretty(pod));
        } else {
            out.print(Json.yaml(pod));
        }
    }
}
