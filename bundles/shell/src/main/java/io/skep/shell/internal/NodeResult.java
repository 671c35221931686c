package io.skep.shell.internal;

import io.skep.kube.api.Doc;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How an upgrade ended on one node.
 *
 * @param node the node
 * @param outcome an operation's outcome, or {@code FAILED} when none is known, {@code NOT_BEGUN} for a node left out
 * @param reason one sentence; {@code ""} when it succeeded
 * @param operation the node's operation; empty when there is none
 */
record NodeResult(String node, String outcome, String reason, Doc operation) {

    static NodeResult failed(String node, String reason) {
        return new NodeResult(node, "FAILED", reason, Doc.EMPTY);
    }

    static NodeResult refused(String node, String reason) {
        return new NodeResult(node, "REFUSED", reason, Doc.EMPTY);
    }

    static NodeResult notBegun(String node) {
        return new NodeResult(node, "NOT_BEGUN", "another node failed before", Doc.EMPTY);
    }

    static NodeResult of(String node, Doc operation) {
        return new NodeResult(node, operation.text("outcome"), operation.text("reason"), operation);
    }

    boolean succeeded() {
        return outcome.equals("SUCCEEDED");
    }

    String pause() {
        return operation.isEmpty() ? "-" : operation.text("pauseMillis") + " ms";
    }

    String change() {
        return operation.isEmpty() ? "-" : change(operation);
    }

    /** What an operation replaced by what. */
    static String change(Doc operation) {
        return Stream.of("from", "to")
                .map(operation::text)
                .filter(bundle -> !bundle.isEmpty())
                .collect(Collectors.joining(" -> "));
    }

    Map<String, Object> tree() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("node", node);
        tree.put("outcome", outcome);
        tree.put("reason", reason);
        tree.put("operation", operation.asMap());
        return tree;
    }
}
