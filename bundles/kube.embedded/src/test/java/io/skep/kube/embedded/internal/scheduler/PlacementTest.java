package io.skep.kube.embedded.internal.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementTest {

    private final Cluster cluster = new Cluster();

    private static KubeObject node(String name, Map<String, String> labels, String ready) {
        return KubeObject.of(Map.of(
                "metadata",
                Map.of("name", name, "labels", labels),
                "spec",
                Map.of(),
                "status",
                Map.of(
                        "allocatable",
                        Map.of("cpu", "2", "memory", "1Gi", "pods", "3"),
                        "conditions",
                        List.of(Map.of("type", "Ready", "status", ready)))));
    }

    private static KubeObject pod(String name, Map<String, Object> spec) {
        Doc full = Doc.of(spec);
        if (!full.has("containers")) {
            full = full.with(List.of(Map.of("name", "c", "image", "i")), "containers");
        }
        return KubeObject.of(
                Map.of("metadata", Map.of("name", name, "namespace", "default", "uid", name), "spec", full));
    }

    private static Map<String, Object> asking(String cpu) {
        return Map.of(
                "containers",
                List.of(Map.of("name", "c", "image", "i", "resources", Map.of("requests", Map.of("cpu", cpu)))));
    }

    private Placement find(Map<String, Object> spec) {
        return Placement.find(pod("p", spec), cluster);
    }

    @Test
    void withoutNodesTheTextIsKubernetes() {
        assertThat(find(Map.of()).message()).isEqualTo("no nodes available to schedule pods");
    }

    @Test
    void emptierNodeIsChosen() {
        cluster.nodeSeen(node("a", Map.of(), "True"));
        cluster.nodeSeen(node("b", Map.of(), "True"));
        cluster.podPlaced("default/x", PodFacts.of(pod("x", asking("1"))).on("a"));

        assertThat(find(Map.of()).node()).contains("b");
    }

    @Test
    void eachObstacleIsCounted() {
        cluster.nodeSeen(node("away", Map.of("zone", "z"), "Unknown"));
        cluster.nodeSeen(node("elsewhere", Map.of(), "True"));
        cluster.nodeSeen(node("shut", Map.of("zone", "z"), "True").with(true, "spec", "unschedulable"));

        assertThat(find(Map.of("nodeSelector", Map.of("zone", "z"))).message())
                .isEqualTo("0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector,"
                        + " 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: },"
                        + " 1 node(s) were unschedulable.");
    }

    @Test
    void whatDoesNotFitIsNamed() {
        cluster.nodeSeen(node("a", Map.of(), "True"));
        cluster.podPlaced("default/x", PodFacts.of(pod("x", asking("1500m"))).on("a"));

        assertThat(find(asking("600m")).message()).isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
        assertThat(find(asking("500m")).node()).contains("a");
    }

    @Test
    void whatItsSandboxCostsIsPartOfWhatAPodAsksFor() {
        cluster.nodeSeen(node("a", Map.of(), "True"));
        KubeObject heavy = pod("x", asking("1500m")).with(Map.of("cpu", "100m"), "spec", "overhead");
        cluster.podPlaced("default/x", PodFacts.of(heavy).on("a"));

        assertThat(find(asking("500m")).message()).isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
        assertThat(find(asking("400m")).node()).contains("a");
    }

    // The sandbox is there while init containers run, too.
    @Test
    void whatItsSandboxCostsIsBesideItsInitContainers() {
        cluster.nodeSeen(node("a", Map.of(), "True"));
        Map<String, Object> first =
                Map.of("name", "i", "image", "i", "resources", Map.of("requests", Map.of("cpu", "1950m")));

        assertThat(find(Map.of("initContainers", List.of(first), "overhead", Map.of("cpu", "100m")))
                        .message())
                .isEqualTo("0/1 nodes are available: 1 Insufficient cpu.");
    }

    @Test
    void nodeTakesNoMorePodsThanItSays() {
        cluster.nodeSeen(node("a", Map.of(), "True"));
        for (String name : List.of("x", "y", "z")) {
            cluster.podPlaced(
                    "default/" + name, PodFacts.of(pod(name, Map.of())).on("a"));
        }

        assertThat(find(Map.of()).message()).isEqualTo("0/1 nodes are available: 1 Too many pods.");
    }

    @Test
    void tolerationOpensATaintedNode() {
        cluster.nodeSeen(node("a", Map.of(), "True")
                .with(List.of(Map.of("key", "k", "value", "v", "effect", "NoSchedule")), "spec", "taints"));

        assertThat(find(Map.of()).message())
                .isEqualTo("0/1 nodes are available: 1 node(s) had untolerated taint {k: v}.");
        assertThat(find(Map.of("tolerations", List.of(Map.of("key", "k", "value", "v"))))
                        .node())
                .contains("a");
        assertThat(find(Map.of("tolerations", List.of(Map.of("operator", "Exists"))))
                        .node())
                .contains("a");
    }

    @Test
    void requiredAffinityDecides() {
        cluster.nodeSeen(node("a", Map.of("gpu", "1"), "True"));
        Map<String, Object> wrong = Map.of("key", "gpu", "operator", "DoesNotExist");
        Map<String, Object> right = Map.of("key", "gpu", "operator", "Gt", "values", List.of("0"));

        assertThat(find(affinity(wrong)).node()).isEmpty();
        assertThat(find(affinity(right)).node()).contains("a");
    }

    private static Map<String, Object> affinity(Map<String, Object> expression) {
        return Map.of(
                "affinity",
                Map.of(
                        "nodeAffinity",
                        Map.of(
                                "requiredDuringSchedulingIgnoredDuringExecution",
                                Map.of(
                                        "nodeSelectorTerms",
                                        List.of(Map.of("matchExpressions", List.of(expression)))))));
    }

    @Test
    void hostPortIsTakenOnce() {
        cluster.nodeSeen(node("a", Map.of(), "True"));
        Map<String, Object> web = Map.of(
                "containers",
                List.of(Map.of(
                        "name", "c", "image", "i", "ports", List.of(Map.of("hostPort", 80, "protocol", "TCP")))));
        cluster.podPlaced("default/x", PodFacts.of(pod("x", web)).on("a"));

        assertThat(find(web).message())
                .isEqualTo("0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.");
    }

    @Test
    void hostPortOfAnotherAddressOrProtocolIsAnotherPort() {
        cluster.nodeSeen(node("a", Map.of(), "True"));
        cluster.podPlaced(
                "default/x", PodFacts.of(pod("x", onPort("TCP", "127.0.0.1"))).on("a"));

        assertThat(find(onPort("TCP", "192.0.2.1")).message()).isEmpty();
        assertThat(find(onPort("UDP", "127.0.0.1")).message()).isEmpty();
        assertThat(find(onPort("TCP", "127.0.0.1")).message()).contains("free ports");
        assertThat(find(onPort("TCP", "0.0.0.0")).message()).contains("free ports");
    }

    private static Map<String, Object> onPort(String protocol, String address) {
        return Map.of(
                "containers",
                List.of(Map.of(
                        "name",
                        "c",
                        "image",
                        "i",
                        "ports",
                        List.of(Map.of("hostPort", 80, "protocol", protocol, "hostIP", address)))));
    }
}
