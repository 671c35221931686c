package io.skep.shell.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Selector;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code cloud:node <name>} shows one node and its pods. */
@Service
@Command(scope = "cloud", name = "node", description = "Shows a node, its conditions and its pods")
public final class NodeCommand extends CloudCommand {

    @Argument(name = "name", description = "Name of the node", required = true)
    @Completion(NodeNameCompleter.class)
    String name;

    @Override
    void run(PrintStream out) throws Exception {
        KubeObject node = objects().get(ObjectKey.of(Kinds.NODE, name));
        List<KubeObject> pods = objects()
                .list(Kinds.POD, "", ListOptions.ALL.withFields(Selector.equalTo("spec.nodeName", name)))
                .items();
        if (json) {
            out.println(Json.pretty(Map.of(
                    "node",
                    node.doc().asMap(),
                    "pods",
                    pods.stream().map(pod -> pod.doc().asMap()).toList())));
            return;
        }
        Instant now = Instant.now();
        facts(node, now).print(out);
        conditions(node, now).print(out);
        new ObjectTable(now).of(Kinds.POD, pods, true, false).print(out);
    }

    static Table facts(KubeObject node, Instant now) {
        Doc info = node.status().object("nodeInfo");
        return new Table(
                List.of("Node", node.name()),
                List.of(
                        List.of("Status", NodeColumns.status(node)),
                        List.of("Roles", NodeColumns.roles(node)),
                        List.of("Age", Ages.since(node.doc().text("metadata", "creationTimestamp"), now)),
                        List.of("Address", NodeColumns.address(node)),
                        List.of("System", info.text("osImage") + " " + info.text("kernelVersion")),
                        List.of("Version", info.text("kubeletVersion")),
                        List.of("Runtime", info.text("containerRuntimeVersion")),
                        List.of("Allocatable", amounts(node.status().textMap("allocatable"))),
                        List.of("Labels", amounts(node.labels()))),
                "");
    }

    private static String amounts(Map<String, String> map) {
        return String.join(
                " ",
                map.entrySet().stream()
                        .map(e -> e.getKey() + "=" + e.getValue())
                        .toList());
    }

    static Table conditions(KubeObject node, Instant now) {
        return new Table(
                List.of("Condition", "Status", "Since", "Reason", "Message"),
                node.status().objects("conditions").stream()
                        .map(c -> List.of(
                                c.text("type"),
                                c.text("status"),
                                Ages.since(c.text("lastTransitionTime"), now),
                                c.text("reason"),
                                c.text("message")))
                        .toList(),
                "No conditions yet");
    }
}
