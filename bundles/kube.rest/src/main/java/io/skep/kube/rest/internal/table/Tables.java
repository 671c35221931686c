package io.skep.kube.rest.internal.table;

import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.rest.internal.table.ColumnsPrinter.Cell;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects as {@code meta.k8s.io} tables, by the printer of their kind. */
public final class Tables {

    /** How much of the object goes with its row. */
    public enum Include {
        NONE,
        METADATA,
        OBJECT
    }

    private static final Printer NAME_AND_AGE = new ColumnsPrinter();
    private static final Map<String, Printer> PRINTERS = Map.of(
            "pods", new PodPrinter(),
            "nodes", new NodePrinter(),
            "events", new EventPrinter(),
            "namespaces", new ColumnsPrinter(new Cell("Status", ColumnsPrinter.text("status", "phase"))),
            "configmaps", new ColumnsPrinter(new Cell("Data", ColumnsPrinter.sizeOf("data", "binaryData"))),
            "secrets",
                    new ColumnsPrinter(
                            new Cell("Type", ColumnsPrinter.text("type")),
                            new Cell("Data", ColumnsPrinter.sizeOf("data"))),
            "serviceaccounts", new ColumnsPrinter(new Cell("Secrets", ColumnsPrinter.sizeOf("secrets"))),
            "leases.coordination.k8s.io",
                    new ColumnsPrinter(new Cell("Holder", ColumnsPrinter.text("spec", "holderIdentity"))),
            "runtimeclasses.node.k8s.io", new ColumnsPrinter(new Cell("Handler", ColumnsPrinter.text("handler"))));

    private final InstantSource clock;

    public Tables(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * One table.
     *
     * @param version {@code v1} or {@code v1beta1}
     * @param metadata the list's metadata
     * @param columns whether the column definitions go with it; a watch sends them once
     */
    public Map<String, Object> table(
            ResourceKind kind,
            List<KubeObject> objects,
            String version,
            Map<String, Object> metadata,
            Include include,
            boolean columns) {
        Printer printer = PRINTERS.getOrDefault(kind.qualifiedPlural(), NAME_AND_AGE);
        Instant now = clock.instant();
        Map<String, Object> table = new LinkedHashMap<>();
        table.put("kind", "Table");
        table.put("apiVersion", "meta.k8s.io/" + version);
        table.put("metadata", metadata);
        table.put(
                "columnDefinitions",
                columns ? printer.columns().stream().map(Column::tree).toList() : null);
        List<Object> rows = new ArrayList<>(objects.size());
        for (KubeObject object : objects) {
            rows.add(row(printer, object, version, include, now));
        }
        table.put("rows", rows);
        return table;
    }

    private static Map<String, Object> row(
            Printer printer, KubeObject object, String version, Include include, Instant now) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("cells", printer.cells(object, now));
        List<Map<String, Object>> conditions = printer.conditions(object);
        if (!conditions.isEmpty()) {
            row.put("conditions", conditions);
        }
        if (include == Include.OBJECT) {
            row.put("object", object.doc().asMap());
        } else if (include == Include.METADATA) {
            row.put("object", partial(object, version));
        }
        return row;
    }

    /** The object with nothing but its metadata. */
    public static Map<String, Object> partial(KubeObject object, String version) {
        Map<String, Object> partial = new LinkedHashMap<>();
        partial.put("kind", "PartialObjectMetadata");
        partial.put("apiVersion", "meta.k8s.io/" + version);
        partial.put("metadata", object.doc().object("metadata").asMap());
        return partial;
    }
}
