package io.skep.kube.rest.internal.table;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Pods. */
final class PodPrinter implements Printer {

    @Override
    public List<Column> columns() {
        return List.of(
                Column.ofName(),
                Column.of("Ready"),
                Column.of("Status"),
                Column.of("Restarts"),
                Column.of("Age"),
                Column.wide("IP"),
                Column.wide("Node"),
                Column.wide("Nominated Node"),
                Column.wide("Readiness Gates"));
    }

    @Override
    public List<Object> cells(KubeObject pod, Instant now) {
        PodSummary summary = PodSummary.of(pod);
        return List.of(
                pod.name(),
                summary.ready() + "/" + summary.total(),
                summary.reason(),
                restarts(summary, now),
                Ages.of(pod, now),
                Printer.orNone(address(pod.status())),
                Printer.orNone(pod.spec().text("nodeName")),
                Printer.orNone(pod.status().text("nominatedNodeName")),
                readinessGates(pod));
    }

    private static String restarts(PodSummary summary, Instant now) {
        if (summary.restarts() == 0 || summary.lastRestart().isEmpty()) {
            return Long.toString(summary.restarts());
        }
        return summary.restarts() + " (" + Ages.since(summary.lastRestart(), now) + " ago)";
    }

    private static String address(Doc status) {
        List<Doc> addresses = status.objects("podIPs");
        return addresses.isEmpty() ? status.text("podIP") : addresses.get(0).text("ip");
    }

    private static String readinessGates(KubeObject pod) {
        List<Doc> gates = pod.spec().objects("readinessGates");
        if (gates.isEmpty()) {
            return NONE;
        }
        long open = gates.stream()
                .filter(gate -> PodSummary.isConditionTrue(pod.status(), gate.text("conditionType")))
                .count();
        return open + "/" + gates.size();
    }

    @Override
    public List<Map<String, Object>> conditions(KubeObject pod) {
        return switch (pod.status().text("phase")) {
            case "Succeeded" -> completed("Succeeded", "The pod has completed successfully.");
            case "Failed" -> completed("Failed", "The pod failed.");
            default -> List.of();
        };
    }

    private static List<Map<String, Object>> completed(String reason, String message) {
        return List.of(Map.of("type", "Completed", "status", "True", "reason", reason, "message", message));
    }
}
