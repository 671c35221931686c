package io.skep.shell.internal;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import java.io.PrintStream;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** {@code cloud:get <kind> [name]} shows objects. */
@Service
@Command(scope = "cloud", name = "get", description = "Shows objects of the cluster")
public final class GetCommand extends CloudCommand {

    @Argument(index = 0, name = "kind", description = "For example pods, cm or nodes", required = true)
    @Completion(KindCompleter.class)
    String kindName;

    @Argument(index = 1, name = "name", description = "Name of the object; all without it")
    @Completion(ObjectNameCompleter.class)
    String name;

    @Option(name = "-n", aliases = "--namespace", description = "Namespace of the objects")
    @Completion(NamespaceCompleter.class)
    String namespace = DEFAULT_NAMESPACE;

    @Option(name = "-A", aliases = "--all-namespaces", description = "Objects of all namespaces")
    boolean all;

    @Option(name = "-o", aliases = "--output", description = "wide, yaml or json")
    String output = "";

    @Override
    void run(PrintStream out) throws Exception {
        ResourceKind kind = KindNames.find(objects(), kindName);
        String where = kind.namespaced() && !all ? namespace : "";
        List<KubeObject> found =
                name == null ? list(kind, where) : List.of(objects().get(new ObjectKey(kind, where, name)));
        switch (json ? "json" : output) {
            case "json" -> out.println(Json.pretty(tree(found)));
            case "yaml" -> out.print(Json.yaml(tree(found)));
            case "", "wide" ->
                new ObjectTable(Instant.now())
                        .of(kind, found, all, output.equals("wide"))
                        .print(out);
            default -> throw new CommandException("-o " + output + " is not known: use wide, yaml or json");
        }
    }

    private Object tree(List<KubeObject> found) {
        if (name != null) {
            return found.get(0).doc().asMap();
        }
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("apiVersion", "v1");
        list.put("kind", "List");
        list.put("items", found.stream().map(object -> object.doc().asMap()).toList());
        return list;
    }
}
