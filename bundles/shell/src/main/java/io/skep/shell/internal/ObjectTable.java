package io.skep.shell.internal;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Objects of a kind as a table with kubectl's columns. A kind without a line here has name and age. */
final class ObjectTable {

    private record Column(String heading, boolean wide, Function<KubeObject, String> cell) {}

    private final Instant now;

    ObjectTable(Instant now) {
        this.now = now;
    }

    /**
     * @param namespaces whether to say each object's namespace
     * @param wide whether to show what {@code -o wide} adds
     */
    Table of(ResourceKind kind, List<KubeObject> objects, boolean namespaces, boolean wide) {
        Map<String, Function<KubeObject, String>> shown = new LinkedHashMap<>();
        if (namespaces && kind.namespaced()) {
            shown.put("NAMESPACE", KubeObject::namespace);
        }
        columns(kind).stream().filter(c -> wide || !c.wide()).forEach(c -> shown.put(c.heading(), c.cell()));
        List<List<String>> rows = new ArrayList<>();
        for (KubeObject object : objects) {
            rows.add(shown.values().stream()
                    .map(cell -> orNone(cell.apply(object)))
                    .toList());
        }
        return new Table(List.copyOf(shown.keySet()), rows, "No resources found");
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "<none>" : text;
    }

    private List<Column> columns(ResourceKind kind) {
        Column name = column("NAME", KubeObject::name);
        Column age = column("AGE", o -> Ages.since(o.doc().text("metadata", "creationTimestamp"), now));
        return switch (kind.kind()) {
            case "Pod" ->
                List.of(
                        name,
                        column("READY", PodColumns::ready),
                        column("STATUS", PodColumns::status),
                        column("RESTARTS", PodColumns::restarts),
                        age,
                        wide("IP", o -> o.status().text("podIP")),
                        wide("NODE", o -> o.spec().text("nodeName")));
            case "Node" ->
                List.of(
                        name,
                        column("STATUS", NodeColumns::status),
                        column("ROLES", NodeColumns::roles),
                        age,
                        column("VERSION", o -> o.status().text("nodeInfo", "kubeletVersion")),
                        wide("INTERNAL-IP", NodeColumns::address),
                        wide("OS-IMAGE", o -> o.status().text("nodeInfo", "osImage")),
                        wide("KERNEL-VERSION", o -> o.status().text("nodeInfo", "kernelVersion")),
                        wide("CONTAINER-RUNTIME", o -> o.status().text("nodeInfo", "containerRuntimeVersion")));
            case "Namespace" -> List.of(name, column("STATUS", o -> o.status().text("phase")), age);
            case "ConfigMap" -> List.of(name, column("DATA", o -> size(o, "data", "binaryData")), age);
            case "Secret" ->
                List.of(name, column("TYPE", o -> o.doc().text("type")), column("DATA", o -> size(o, "data")), age);
            case "Lease" -> List.of(name, column("HOLDER", o -> o.spec().text("holderIdentity")), age);
            case "Event" ->
                List.of(
                        column("LAST SEEN", this::lastSeen),
                        column("TYPE", o -> o.doc().text("type")),
                        column("REASON", o -> o.doc().text("reason")),
                        column("OBJECT", ObjectTable::about),
                        column("MESSAGE", o -> o.doc().text("message").strip()),
                        wide("NAME", KubeObject::name));
            default -> List.of(name, age);
        };
    }

    private static Column column(String heading, Function<KubeObject, String> cell) {
        return new Column(heading, false, cell);
    }

    private static Column wide(String heading, Function<KubeObject, String> cell) {
        return new Column(heading, true, cell);
    }

    private static String size(KubeObject object, String... fields) {
        int size = 0;
        for (String field : fields) {
            size += object.doc().object(field).asMap().size();
        }
        return Integer.toString(size);
    }

    private String lastSeen(KubeObject event) {
        for (String field : List.of("lastTimestamp", "eventTime")) {
            if (event.doc().has(field)) {
                return Ages.since(event.doc().text(field), now);
            }
        }
        return Ages.since(event.doc().text("metadata", "creationTimestamp"), now);
    }

    private static String about(KubeObject event) {
        return event.doc().text("involvedObject", "kind").toLowerCase(java.util.Locale.ROOT) + "/"
                + event.doc().text("involvedObject", "name");
    }
}
