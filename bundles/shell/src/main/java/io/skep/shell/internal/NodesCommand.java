package io.skep.shell.internal;

import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;

/** {@code cloud:nodes} shows the nodes of the cluster and their links. */
@Service
@Command(scope = "cloud", name = "nodes", description = "Lists the nodes and their links to this cloud")
public final class NodesCommand extends CloudCommand {

    @Override
    void run(PrintStream out) throws Exception {
        List<KubeObject> nodes = list(Kinds.NODE, "");
        if (json) {
            out.println(
                    Json.pretty(nodes.stream().map(node -> node.doc().asMap()).toList()));
            return;
        }
        table(nodes, sessions(), Instant.now()).print(out);
    }

    /** Sessions by node; none when there is no hub, which must not keep the nodes from being shown. */
    private Map<String, Doc> sessions() {
        Map<String, Doc> sessions = new HashMap<>();
        try {
            Object answer = questions().ask(ModuleNames.CLOUD_HUB, ModuleNames.CLOUD_HUB, "sessions");
            if (answer instanceof List<?> list) {
                list.stream().map(Questions::doc).forEach(doc -> sessions.put(doc.text("node"), doc));
            }
        } catch (CommandException e) {
            return Map.of();
        }
        return sessions;
    }

    static Table table(List<KubeObject> nodes, Map<String, Doc> sessions, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        for (KubeObject node : nodes) {
            Doc session = sessions.getOrDefault(node.name(), Doc.EMPTY);
            boolean linked = !session.isEmpty();
            rows.add(List.of(
                    node.name(),
                    NodeColumns.status(node),
                    NodeColumns.roles(node),
                    Ages.since(node.doc().text("metadata", "creationTimestamp"), now),
                    node.status().text("nodeInfo", "kubeletVersion"),
                    linked ? session.text("remote") : "-",
                    linked ? Ages.since(session.text("since"), now) : "-",
                    linked ? session.text("queued") : "-"));
        }
        return new Table(
                List.of("NAME", "STATUS", "ROLES", "AGE", "VERSION", "LINK FROM", "LINK AGE", "QUEUED"),
                rows,
                "No nodes: get a token with cloud:token and run ./skep join on a machine");
    }
}
