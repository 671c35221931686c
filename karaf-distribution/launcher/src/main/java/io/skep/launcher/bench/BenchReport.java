package io.skep.launcher.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a bench found: a line for each figure as it comes, or JSON at the end; then what is wrong. */
final class BenchReport {

    /** All is right, but something took longer than we allow ourselves. */
    private static final int OVER_BUDGET = 3;

    private final boolean json;
    private final List<BenchFigure> figures = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private final List<String> overBudget = new ArrayList<>();

    BenchReport(boolean json) {
        this.json = json;
        if (!json) {
            System.out.printf("%-44s %18s %16s  %s%n", "WHAT", "OURS", "BUDGET", "PEER");
        }
    }

    void add(List<BenchFigure> measured) {
        figures.addAll(measured);
        if (!json) {
            measured.forEach(figure -> System.out.printf(
                    "%-44s %18s %16s  %s%n", figure.what(), figure.text(), figure.budget(), figure.peer()));
        }
    }

    void addFaults(List<String> found) {
        faults.addAll(found);
    }

    void addOverBudget(List<String> pauses) {
        overBudget.addAll(pauses);
    }

    /** Says the rest, and returns the exit code. */
    int end() {
        if (json) {
            System.out.println(rows());
        }
        faults.forEach(fault -> System.err.println("FAULT: " + fault));
        overBudget.forEach(pause -> System.err.println("OVER BUDGET: " + pause));
        if (!faults.isEmpty()) {
            return 1;
        }
        return overBudget.isEmpty() ? 0 : OVER_BUDGET;
    }

    private String rows() {
        try {
            return new ObjectMapper()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(figures.stream().map(BenchReport::row).toList());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("figures are no JSON", e);
        }
    }

    private static Map<String, Object> row(BenchFigure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", figure.what());
        row.put("value", figure.value());
        row.put("unit", figure.unit());
        row.put("budget", figure.budget());
        row.put("peer", figure.peer());
        return row;
    }
}
