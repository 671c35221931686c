package io.skep.kube.rest.internal.table;

import io.skep.kube.api.KubeObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Makes the table rows of one kind, as {@code kubernetes/pkg/printers/internalversion/printers.go} makes them. */
interface Printer {

    String NONE = "<none>";
    String UNKNOWN = "<unknown>";

    List<Column> columns();

    /** One cell a column: strings or whole numbers. */
    List<Object> cells(KubeObject object, Instant now);

    /** Conditions of the row, for example that a pod has completed; mostly none. */
    default List<Map<String, Object>> conditions(KubeObject object) {
        return List.of();
    }

    /** The text, or {@code <none>} for {@code ""}. */
    static String orNone(String text) {
        return text.isEmpty() ? NONE : text;
    }

    /** The text, or {@code <unknown>} for {@code ""}. */
    static String orUnknown(String text) {
        return text.isEmpty() ? UNKNOWN : text;
    }
}
