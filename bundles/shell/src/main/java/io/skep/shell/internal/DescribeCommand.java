package io.skep.shell.internal;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Selector;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** {@code cloud:describe <kind> <name>} shows an object whole and what was reported about it; of a Secret only sizes. */
@Service
@Command(scope = "cloud", name = "describe", description = "Shows an object and its events")
public final class DescribeCommand extends CloudCommand {

    @Argument(index = 0, name = "kind", description = "For example pod or node", required = true)
    @Completion(KindCompleter.class)
    String kindName;

    @Argument(index = 1, name = "name", description = "Name of the object", required = true)
    @Completion(ObjectNameCompleter.class)
    String name;

    @Option(name = "-n", aliases = "--namespace", description = "Namespace of the object")
    @Completion(NamespaceCompleter.class)
    String namespace = DEFAULT_NAMESPACE;

    @Override
    void run(PrintStream out) throws Exception {
        ResourceKind kind = KindNames.find(objects(), kindName);
        KubeObject object = objects().get(new ObjectKey(kind, kind.namespaced() ? namespace : "", name));
        List<KubeObject> events = events(kind, object);
        if (json) {
            Map<String, Object> whole = new LinkedHashMap<>();
            whole.put("object", shown(kind, object));
            whole.put("events", events.stream().map(e -> e.doc().asMap()).toList());
            out.println(Json.pretty(whole));
            return;
        }
        out.print(Json.yaml(shown(kind, object)));
        out.println();
        out.println("Events:");
        new ObjectTable(Instant.now()).of(Kinds.EVENT, events, false, false).print(out);
    }

    private List<KubeObject> events(ResourceKind kind, KubeObject object) throws CommandException {
        Selector about =
                Selector.parseFields("involvedObject.kind=" + kind.kind() + ",involvedObject.name=" + object.name());
        ListOptions options = new ListOptions(Selector.ALL, about, "", 0, "", false);
        return objects()
                .list(Kinds.EVENT, kind.namespaced() ? object.namespace() : "", options)
                .items();
    }

    private static Map<String, Object> shown(ResourceKind kind, KubeObject object) {
        Map<String, Object> tree = new LinkedHashMap<>(object.doc().asMap());
        if (kind.equals(Kinds.SECRET) && tree.get("data") instanceof Map<?, ?> data) {
            Map<String, String> sizes = new LinkedHashMap<>();
            data.forEach((key, value) ->
                    sizes.put(key.toString(), Base64.getDecoder().decode(value.toString()).length + " bytes"));
            tree.put("data", sizes);
        }
        return tree;
    }
}
