package io.skep.shell.internal;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import java.io.PrintStream;
import java.util.OptionalLong;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code cloud:delete <kind> <name>} deletes an object; a pod goes once its node has stopped it. */
@Service
@Command(scope = "cloud", name = "delete", description = "Deletes an object of the cluster")
public final class DeleteCommand extends CloudCommand {

    @Argument(index = 0, name = "kind", description = "For example pod or cm", required = true)
    @Completion(KindCompleter.class)
    String kindName;

    @Argument(index = 1, name = "name", description = "Name of the object", required = true)
    @Completion(ObjectNameCompleter.class)
    String name;

    @Option(name = "-n", aliases = "--namespace", description = "Namespace of the object")
    @Completion(NamespaceCompleter.class)
    String namespace = DEFAULT_NAMESPACE;

    @Option(name = "--grace-period", description = "Seconds a pod gets to stop; its own period without it")
    Long graceSeconds;

    @Override
    void run(PrintStream out) throws Exception {
        ResourceKind kind = KindNames.find(objects(), kindName);
        ObjectKey key = new ObjectKey(kind, kind.namespaced() ? namespace : "", name);
        OptionalLong grace = graceSeconds == null ? OptionalLong.empty() : OptionalLong.of(graceSeconds);
        KubeObject deleted =
                objects().delete(key, new DeleteOptions(grace, "", "", DeleteOptions.Propagation.BACKGROUND, false));
        if (json) {
            out.println(Json.pretty(deleted.doc().asMap()));
        } else {
            out.println(kind.singular() + " \"" + name + "\" deleted");
        }
    }
}
