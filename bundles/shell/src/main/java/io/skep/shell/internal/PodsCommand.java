package io.skep.shell.internal;

import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import java.io.PrintStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code edge:pods} lists the pods of this node, as the node itself sees them. */
@Service
@Command(scope = "edge", name = "pods", description = "Lists the pods of this node")
public final class PodsCommand extends EdgeCommand {

    @Override
    void run(PrintStream out) throws Exception {
        Object pods = questions().ask(ModuleNames.EDGED, ModuleNames.GROUP_EDGED, "pods");
        if (json) {
            out.println(Json.pretty(pods));
        } else {
            table(pods, Instant.now()).print(out);
        }
    }

    static Table table(Object pods, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        if (pods instanceof List<?> list) {
            for (Object item : list) {
                Doc pod = Questions.doc(item);
                String reason = pod.text("reason");
                rows.add(List.of(
                        pod.text("namespace"),
                        pod.text("name"),
                        pod.text("ready"),
                        reason.isEmpty() ? pod.text("phase") : reason,
                        pod.text("restarts"),
                        pod.has("startTime") ? Ages.since(pod.text("startTime"), now) : "-",
                        pod.text("runtime"),
                        pod.text("ip")));
            }
        }
        return new Table(
                List.of("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE", "RUNTIME", "IP"),
                rows,
                "No pods on this node");
    }
}
