package io.skep.kube.rest.internal.table;

import io.skep.kube.api.KubeObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Name, a few columns that each come from one field, and age. */
final class ColumnsPrinter implements Printer {

    /** Where the cell of a column comes from. */
    record Cell(String column, Function<KubeObject, Object> value) {}

    private final List<Cell> cells;

    ColumnsPrinter(Cell... cells) {
        this.cells = List.of(cells);
    }

    @Override
    public List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.ofName());
        cells.forEach(cell -> columns.add(Column.of(cell.column())));
        columns.add(Column.of("Age"));
        return columns;
    }

    @Override
    public List<Object> cells(KubeObject object, Instant now) {
        List<Object> row = new ArrayList<>();
        row.add(object.name());
        cells.forEach(cell -> row.add(cell.value().apply(object)));
        row.add(Ages.of(object, now));
        return row;
    }

    /** How many fields the objects at these top-level fields have together. */
    static Function<KubeObject, Object> sizeOf(String... fields) {
        return object -> {
            int size = 0;
            for (String field : fields) {
                Object value = object.doc().at(field).orElse(Map.of());
                size += value instanceof Map<?, ?> map ? map.size() : value instanceof List<?> list ? list.size() : 0;
            }
            return size;
        };
    }

    static Function<KubeObject, Object> text(String... path) {
        return object -> object.doc().text(path);
    }
}
