package io.skep.shell.internal;

import io.skep.core.api.operation.SwapOperation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** An operation in words and as a tree. */
final class OperationView {

    private OperationView() {}

    /** One line for an operator, for example {@code edged upgraded: …}. */
    static String sentence(SwapOperation operation) {
        String what = operation.kind().name().toLowerCase(Locale.ROOT)
                + (operation.module().isEmpty() ? "" : " of " + operation.module());
        String ended = switch (operation.outcome()) {
            case RUNNING -> "is under way";
            case SUCCEEDED -> "succeeded";
            case ROLLED_BACK -> "was rolled back";
            case REFUSED -> "was refused, nothing was stopped";
            case INTERRUPTED -> "was interrupted";
        };
        return what + " " + ended + details(operation);
    }

    private static String details(SwapOperation operation) {
        if (!operation.reason().isEmpty()) {
            return ": " + operation.reason();
        }
        String change = change(operation);
        return (change.isEmpty() ? "" : ": " + change)
                + (operation.pause().isZero()
                        ? ""
                        : ", no message for " + operation.pause().toMillis() + " ms");
    }

    /** What was replaced by what. */
    static String change(SwapOperation operation) {
        if (operation.fromBundle().isEmpty() || operation.toBundle().isEmpty()) {
            return operation.fromBundle() + operation.toBundle();
        }
        return operation.fromBundle() + " -> " + operation.toBundle();
    }

    static Map<String, Object> tree(SwapOperation operation) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("id", operation.id());
        tree.put("kind", operation.kind().name());
        tree.put("module", operation.module());
        tree.put("outcome", operation.outcome().name());
        tree.put("reason", operation.reason());
        tree.put("started", operation.started().toString());
        tree.put("ended", operation.ended().toString());
        tree.put("from", operation.fromBundle());
        tree.put("to", operation.toBundle());
        tree.put("checksum", operation.checksum());
        tree.put("pauseMillis", operation.pause().toMillis());
        tree.put("steps", operation.steps().stream().map(OperationView::tree).toList());
        return tree;
    }

    private static Map<String, Object> tree(SwapOperation.Step step) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("name", step.name());
        tree.put("at", step.at().toString());
        tree.put("detail", step.detail());
        return tree;
    }

    /** Rows of {@code edge:operations}. */
    static List<String> row(SwapOperation operation, String age) {
        return List.of(
                operation.id(),
                operation.kind().name(),
                operation.module(),
                operation.outcome().name(),
                age,
                operation.pause().isZero() ? "-" : operation.pause().toMillis() + " ms",
                change(operation),
                operation.reason());
    }
}
