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
                        age(pod, now)));
            }
        }
        return new Table(
                List.of("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE"), rows, "No pods on this node");
    }

    /** A time, or an age in seconds. */
    private static String age(Doc pod, Instant now) {
        return pod.number(-1, "age") >= 0
                ? Ages.text(java.time.Duration.ofSeconds(pod.number(0, "age")))
                : Ages.since(pod.text("age"), now);
    }
}
