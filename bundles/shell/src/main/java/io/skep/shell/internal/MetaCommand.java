package io.skep.shell.internal;

import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.Doc;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.lifecycle.Service;

/** {@code edge:meta [resource]} shows what this node remembers. */
@Service
@Command(scope = "edge", name = "meta", description = "Shows what this node remembers of the cluster")
public final class MetaCommand extends EdgeCommand {

    @Argument(name = "resource", description = "For example default/configmap/web; a summary without it")
    String resource;

    @Override
    void run(PrintStream out) throws Exception {
        Object answer =
                questions().ask(ModuleNames.META_MANAGER, ModuleNames.GROUP_META, resource == null ? "meta" : resource);
        if (json) {
            out.println(Json.pretty(opened(answer)));
        } else if (resource != null) {
            out.print(Json.yaml(opened(answer)));
        } else {
            table(Questions.doc(answer)).print(out);
        }
    }

    /** MetaManager answers with a list of texts, each of them JSON. */
    private static Object opened(Object answer) {
        if (!(answer instanceof List<?> list)) {
            return answer;
        }
        return list.stream()
                .map(item -> item instanceof String text && text.startsWith("{") ? Json.read(text) : item)
                .toList();
    }

    static Table table(Doc summary) {
        List<List<String>> rows = new ArrayList<>();
        flatten("", summary.asMap(), rows);
        return new Table(List.of("WHAT", "VALUE"), rows, "Nothing remembered yet");
    }

    static void flatten(String path, Map<?, ?> map, List<List<String>> rows) {
        map.forEach((key, value) -> {
            String name = path.isEmpty() ? String.valueOf(key) : path + "." + key;
            if (value instanceof Map<?, ?> inner) {
                flatten(name, inner, rows);
            } else {
                rows.add(List.of(name, String.valueOf(value)));
            }
        });
    }
}
