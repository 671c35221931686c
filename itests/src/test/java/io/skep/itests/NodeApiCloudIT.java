package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.skep.itests.system.Eventually;
import io.skep.itests.system.Kubectl;
import io.skep.itests.system.Pods;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Stock kubectl against a node's own API, for what only the cloud has and does: as far as the cloud lets, or the reason why not. */
@TestMethodOrder(OrderAnnotation.class)
class NodeApiCloudIT {

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;
    private static List<Path> programs;

    @BeforeAll
    static void open() throws IOException {
        programs = Kubectl.programs();
        assumeFalse(programs.isEmpty(), "there is no kubectl here: './skep test' installs one where it may");
        system = TestSystem.fresh("nodeapicloud");
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "worker");
        Path pod = Files.writeString(system.folder().resolve("pod.yaml"), pod());
        cloudKubectl().ok("create", "configmap", "others");
        cloudKubectl().ok("apply", "-f", pod.toString());
        Eventually.seen("pod ready", () -> cloud.api().podReady("app"), edge::lastLines);
        edge.shell("feature:install edge-metaserver");
        Eventually.seen(
                "served",
                () -> edge.ready() && kubectl().run("get", "pod", "app").code() == 0,
                edge::lastLines);
    }

    @AfterAll
    static void close() {
        if (system != null) {
            system.close();
        }
    }

    private static Kubectl kubectl() {
        return new Kubectl(programs.get(0), edge.kubeconfig(), system.folder());
    }

    private static Kubectl cloudKubectl() {
        return new Kubectl(programs.get(0), cloud.kubeconfig(), system.folder());
    }

    @Test
    @Order(1)
    void cloudThatDoesNotServeItSaysSoAndIsNotWaitedFor() {
        double asked = edge.metric("skep_metaserver_asked_total");

        assertThat(kubectl().refused("get", "namespaces"))
                .contains("(ServiceUnavailable)", "dynamic.enabled of io.skep.edgecontroller is false");
        assertThat(kubectl().refused("create", "configmap", "made"))
                .contains("dynamic.enabled of io.skep.edgecontroller is false");

        assertThat(edge.metric("skep_metaserver_asked_total")).isGreaterThanOrEqualTo(asked + 2);
        assertThat(edge.metric("skep_metaserver_unanswered_total")).isZero();
    }

    @Test
    @Order(2)
    void switchedOnItReadsTheKindsTheNodeIsNotToldOf() {
        cloud.shell(
                set("dynamic.read", "configmaps,events,namespaces"),
                set("dynamic.write", "configmaps"),
                set("dynamic.enabled", "true"));
        Eventually.seen(
                "the cloud's namespaces",
                () -> kubectl().run("get", "namespaces").out().contains("kube-system "),
                cloud::lastLines);

        for (Path program : programs) {
            Kubectl kubectl = new Kubectl(program, edge.kubeconfig(), system.folder());
            assertThat(kubectl.ok("get", "namespace", "default")).containsPattern("default +Active ");
            assertThat(kubectl.ok("get", "events")).containsPattern("Started +pod/app ");
            assertThat(kubectl.ok("get", "events", "--field-selector", "reason=Started"))
                    .contains("Started")
                    .doesNotContain("Pulled");
            assertThat(kubectl.ok("describe", "pod", "app")).contains("Started container main");
        }
    }

    @Test
    @Order(3)
    void watchOfAKindTheNodeIsNotToldOfHearsTheCloudAndEndsThereToo() throws IOException {
        for (Path program : programs) {
            Path watched = Files.createTempFile(system.folder(), "watched", "");
            String name = "watched-" + programs.indexOf(program);
            Process watch = new Kubectl(program, edge.kubeconfig(), system.folder())
                    .start(watched, "get", "namespaces", "-w", "--output-watch-events");
            try {
                Eventually.seen("what is there", () -> text(watched).contains("kube-system "), edge::lastLines);
                // kubectl lists, and prints that, before it watches.
                Eventually.seen(
                        "the cloud has somebody to tell",
                        () -> cloud.metric("skep_dynamic_listeners") == 1,
                        edge::lastLines);

                cloudKubectl().ok("create", "namespace", name);
                Eventually.seen("it comes", () -> text(watched).contains("ADDED      " + name), edge::lastLines);
                cloudKubectl().ok("delete", "namespace", name);
                Eventually.seen("it goes", () -> text(watched).contains("DELETED    " + name), edge::lastLines);
            } finally {
                watch.destroyForcibly();
            }
            Eventually.seen(
                    "the cloud knows that nobody watches",
                    () -> cloud.metric("skep_dynamic_listeners") == 0,
                    edge::lastLines);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @Order(4)
    void switchedOnItChangesWhatTheNodesPodsUse() throws IOException {
        for (Path program : programs) {
            change(new Kubectl(program, edge.kubeconfig(), system.folder()));
        }
    }

    private static void change(Kubectl kubectl) throws IOException {
        Path file = Files.writeString(system.folder().resolve("made.yaml"), made("1"));
        assertThat(kubectl.ok("create", "--save-config", "-f", file.toString())).contains("configmap/made created");
        assertThat(kubectl.refused("create", "-f", file.toString())).contains("(AlreadyExists)");
        assertThat(kubectl.ok("apply", "-f", file.toString())).contains("configmap/made unchanged");
        Files.writeString(file, made("2"));
        assertThat(kubectl.ok("apply", "-f", file.toString())).contains("configmap/made configured");
        kubectl.ok("patch", "configmap", "made", "-p", "{\"data\":{\"b\":\"3\"}}");
        assertThat(cloudKubectl().ok("get", "configmap", "made", "-o", "yaml")).contains("a: \"2\"", "b: \"3\"");
        Eventually.seen(
                "what was changed comes back",
                () -> kubectl.ok("get", "configmap", "made", "-o", "yaml").contains("b: \"3\""),
                edge::lastLines);

        kubectl.ok("delete", "configmap", "made");

        assertThat(cloudKubectl().refused("get", "configmap", "made")).contains("(NotFound)");
        Eventually.seen(
                "it is gone here too",
                () -> kubectl.run("get", "configmap", "made").err().contains("(NotFound)"),
                edge::lastLines);
    }

    @Test
    @Order(5)
    void refusalsOfTheCloudAreShownAsItsOwn() {
        for (Path program : programs) {
            Kubectl kubectl = new Kubectl(program, edge.kubeconfig(), system.folder());
            assertThat(kubectl.refused("get", "configmap", "others"))
                    .contains("(Forbidden)", "no pod of node \"worker\" uses");
            assertThat(kubectl.refused("delete", "configmap", "others")).contains("(Forbidden)");
            assertThat(kubectl.refused("get", "leases", "-A")).contains("(Forbidden)", "dynamic.read does not list it");
            assertThat(kubectl.refused("delete", "pod", "app"))
                    .contains("(Forbidden)", "dynamic.write does not list pods");
        }
        assertThat(cloudKubectl().ok("get", "configmap", "others")).contains("others");
        assertThat(cloud.api().podReady("app")).isTrue();
    }

    @Test
    @Order(6)
    void withTheCloudGoneReadsTellWhatIsHereAndChangesWhyTheyAreNotMade() {
        cloud.kill();
        Eventually.seen("link gone", () -> !edge.linked(), edge::lastLines);

        assertThat(kubectl().ok("get", "events")).as("as last heard").containsPattern("Started +pod/app ");
        assertThat(kubectl().refused("get", "events", "-n", "kube-public"))
                .as("never asked")
                .contains("(ServiceUnavailable)", "link to the cloud is down");
        assertThat(kubectl().ok("describe", "pod", "app")).containsPattern("Name: +app");
        assertThat(kubectl().refused("create", "configmap", "made")).contains("link to the cloud is down");
        assertThat(kubectl().ok("get", "pods")).contains("app ");
    }

    @Test
    @Order(7)
    void withTheCloudBackItIsAskedAgainAndWatchesGoOn() {
        Path watched = system.folder().resolve("watched");
        Process watch = kubectl().start(watched, "get", "namespaces", "-w");
        Eventually.seen("what was known", () -> text(watched).contains("default "), edge::lastLines);

        cloud.start("cloud");
        Eventually.seen("linked", edge::linked, edge::lastLines);

        Eventually.seen(
                "the cloud's namespaces",
                () -> kubectl().run("get", "namespaces").out().contains("kube-system "),
                edge::lastLines);
        cloudKubectl().ok("create", "namespace", "after");
        Eventually.seen("the watch hears again", () -> text(watched).contains("after "), edge::lastLines);
        watch.destroyForcibly();
    }

    private static String pod() {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: app}
                spec:
                  nodeName: worker
                  hostNetwork: true
                  runtimeClassName: process
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: made, configMap: {name: made, optional: true}}]
                  containers:
                    - name: main
                      image: none
                      command: ["/bin/sh", "-c", "%s"]
                      volumeMounts: [{name: made, mountPath: /made}]
                """.formatted(Pods.notingPid(system.folder().resolve("pids")));
    }

    private static String made(String value) {
        return """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: made}
                data: {a: "%s"}
                """.formatted(value);
    }

    private static String set(String key, String value) {
        return "config:property-set -p io.skep.edgecontroller " + key + " " + value;
    }
}
