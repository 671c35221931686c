package io.skep.shell.internal;

import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code edge:link} shows the node's line to the cloud. */
@Service
@Command(scope = "edge", name = "link", description = "Shows this node's link to the cloud and what waits for it")
public final class LinkCommand extends EdgeCommand {

    @Override
    void run(PrintStream out) throws Exception {
        Object link = questions().ask(ModuleNames.EDGE_HUB, ModuleNames.GROUP_HUB, "link");
        if (json) {
            out.println(Json.pretty(link));
        } else {
            table(Questions.doc(link), Instant.now()).print(out);
        }
    }

    static Table table(Doc link, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("State", link.text("state")));
        rows.add(List.of("For", link.has("since") ? Ages.since(link.text("since"), now) : "-"));
        rows.add(List.of("Node", link.text("node")));
        rows.add(List.of("Cloud", link.text("server")));
        rows.add(List.of("Last error", link.text("lastError").isEmpty() ? "-" : link.text("lastError")));
        rows.add(List.of("Reconnects", link.text("reconnects")));
        rows.add(List.of("Sent", link.text("sent")));
        rows.add(List.of("Received", link.text("received")));
        rows.add(List.of("Certificate until", link.text("certificateNotAfter")));
        link.textMap("outbox").forEach((type, count) -> rows.add(List.of("Waiting: " + type, count)));
        return new Table(List.of("LINK", ""), rows, "");
    }
}
