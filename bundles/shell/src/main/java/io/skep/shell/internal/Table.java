package io.skep.shell.internal;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.karaf.shell.support.table.ShellTable;

/**
 * Rows under headings.
 *
 * @param columns the headings
 * @param rows as many cells each as there are headings
 * @param empty what is said when there is no row
 */
record Table(List<String> columns, List<List<String>> rows, String empty) {

    Table {
        columns = List.copyOf(columns);
        rows = rows.stream().map(List::copyOf).toList();
    }

    void print(PrintStream out) {
        ShellTable table = new ShellTable();
        columns.forEach(table::column);
        table.emptyTableText(empty);
        for (List<String> row : rows) {
            table.addRow().addContent(new ArrayList<Object>(row));
        }
        table.print(out);
    }
}
