package io.skep.shell.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectTableTest {

    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");

    private final ObjectTable tables = new ObjectTable(NOW);

    private static KubeObject pod(Map<String, Object> status) {
        return KubeObject.of(Map.of(
                "metadata",
                Map.of("name", "web", "namespace", "default", "creationTimestamp", "2026-01-01T00:30:00Z"),
                "spec",
                Map.of("nodeName", "edge-1", "containers", List.of(Map.of("name", "a"), Map.of("name", "b"))),
                "status",
                status));
    }

    private static Map<String, Object> container(boolean ready, String kind, Map<String, Object> state) {
        return Map.of("ready", ready, "restartCount", 2, "state", Map.of(kind, state));
    }

    private List<String> row(KubeObject pod) {
        return tables.of(Kinds.POD, List.of(pod), false, false).rows().get(0);
    }

    @Test
    void runningPodCountsReadyContainersAndRestarts() {
        KubeObject pod = pod(Map.of(
                "phase",
                "Running",
                "containerStatuses",
                List.of(container(true, "running", Map.of()), container(false, "running", Map.of()))));

        assertThat(row(pod)).containsExactly("web", "1/2", "Running", "4", "30m");
    }

    @Test
    void waitingContainerSaysWhy() {
        KubeObject pod = pod(Map.of(
                "phase",
                "Running",
                "containerStatuses",
                List.of(
                        container(false, "waiting", Map.of("reason", "CrashLoopBackOff")),
                        container(true, "running", Map.of()))));

        assertThat(row(pod).get(2)).isEqualTo("CrashLoopBackOff");
    }

    @Test
    void exitWithoutAReasonShowsItsCode() {
        KubeObject pod = pod(Map.of(
                "phase",
                "Failed",
                "containerStatuses",
                List.of(container(false, "terminated", Map.of("exitCode", 3)))));

        assertThat(row(pod).get(2)).isEqualTo("ExitCode:3");
    }

    @Test
    void deletedPodIsTerminating() {
        KubeObject pod = pod(Map.of("phase", "Running")).with("2026-01-01T01:00:00Z", "metadata", "deletionTimestamp");

        assertThat(row(pod).get(2)).isEqualTo("Terminating");
    }

    @Test
    void wideAndNamespacesAddColumns() {
        Table table = tables.of(Kinds.POD, List.of(pod(Map.of("phase", "Pending"))), true, true);

        assertThat(table.columns())
                .containsExactly("NAMESPACE", "NAME", "READY", "STATUS", "RESTARTS", "AGE", "IP", "NODE");
        assertThat(table.rows().get(0)).startsWith("default", "web").endsWith("<none>", "edge-1");
    }

    @Test
    void cordonedNodeSaysSo() {
        KubeObject node = KubeObject.of(Map.of(
                "metadata",
                Map.of("name", "edge-1", "labels", Map.of("node-role.kubernetes.io/edge", "")),
                "spec",
                Map.of("unschedulable", true),
                "status",
                Map.of("conditions", List.of(Map.of("type", "Ready", "status", "Unknown")))));

        assertThat(tables.of(Kinds.NODE, List.of(node), false, false).rows().get(0))
                .startsWith("edge-1", "NotReady,SchedulingDisabled", "edge");
    }
}
