package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.skep.itests.system.Commands.Outcome;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.Kubectl;
import io.skep.itests.system.Pods;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.SocketText;
import io.skep.itests.system.TestSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Stock kubectl against a node's own API, from the day it is switched on until the cloud is gone and the node came back without. */
@TestMethodOrder(OrderAnnotation.class)
class NodeApiIT {

    private static final String FEATURE = "edge-metaserver";

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;
    private static Path pids;
    private static List<Path> programs;

    @BeforeAll
    static void open() throws IOException {
        programs = Kubectl.programs();
        assumeFalse(programs.isEmpty(), "there is no kubectl here: './skep test' installs one where it may");
        system = TestSystem.fresh("nodeapi");
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "worker");
        pids = system.folder().resolve("pids");
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
    void itIsOffAndTheLauncherSaysHowToSwitchItOn() {
        Outcome asked = system.skep(List.of("kubeconfig", "--edge"));

        assertThat(asked.code()).isNotZero();
        assertThat(asked.all()).contains("skep shell --name edge feature:install " + FEATURE);
    }

    @Test
    @Order(2)
    void itIsSwitchedOnWhileTheNodeRuns() throws IOException {
        Files.writeString(system.folder().resolve("pod.yaml"), pod());
        cloudKubectl().ok("create", "configmap", "settings", "--from-literal=a=1");
        cloudKubectl().ok("apply", "-f", system.folder().resolve("pod.yaml").toString());
        Eventually.seen("pod ready", () -> cloud.api().podReady("app"), edge::lastLines);

        assertThat(edge.shell("bundle:list -t 0 -s")).containsPattern("Resolved *\\| *95 .*features\\.core");
        edge.shell("feature:install " + FEATURE);

        Eventually.seen(
                "ready with its API", () -> edge.ready() && edge.readiness().contains("]api ok"));
        assertThat(system.skep(List.of("kubeconfig", "--edge")).out().strip())
                .isEqualTo(edge.kubeconfig().toString());
        assertThat(Pods.pids(pids)).as("starts of the pod").hasSize(1);
    }

    @Test
    @Order(3)
    void everyKubectlReadsWhatTheNodeHas() {
        for (int i = 0; i < programs.size(); i++) {
            Kubectl kubectl = new Kubectl(programs.get(i), edge.kubeconfig(), home(i));
            read(kubectl);
            assertThat(kubectl.ok("get", "pods", "-l", "app=web")).contains("app ");
            assertThat(kubectl.run("get", "pods", "-l", "app!=web").all()).contains("No resources found");
            assertThat(kubectl.ok("get", "pods", "-A", "--field-selector", "metadata.name=app"))
                    .contains("app ");
            assertThat(kubectl.ok("describe", "node", "worker"))
                    .containsPattern("Name: +worker")
                    .contains("default", "app ");
            assertThat(kubectl.ok("get", "configmaps")).containsPattern("settings +1 ");
            assertThat(kubectl.refused("get", "pod", "none")).contains("pods \"none\" not found");
        }
    }

    @Test
    @Order(3)
    void logComesOverAWebSocketHereToo() {
        SocketText log = new SocketText();
        edge.api().socket("/api/v1/namespaces/default/pods/app/log", "binary.k8s.io", log);

        assertThat(log.closed()).isEqualTo(WebSocket.NORMAL_CLOSURE);
        assertThat(log.text()).startsWith("here I am\n");
    }

    /** What holds with the cloud and without. */
    private static void read(Kubectl kubectl) {
        assertThat(kubectl.ok("get", "pods", "-o", "wide")).containsPattern("app +1/1 +Running .* worker ");
        assertThat(kubectl.ok("get", "nodes")).containsPattern("worker +Ready +agent,edge ");
        assertThat(kubectl.ok("describe", "pod", "app"))
                .containsPattern("Node: +worker")
                .containsPattern("Status: +Running")
                .containsPattern("Ready: +True");
        assertThat(kubectl.ok("logs", "app")).startsWith("here I am\n");
        assertThat(kubectl.ok("exec", "app", "--", "echo", "and here")).isEqualTo("and here\n");
        assertThat(kubectl.ok("get", "configmap", "settings", "-o", "yaml")).contains("kind: ConfigMap", "a: \"1\"");
    }

    @Test
    @Order(4)
    void watchSeesWhatTheCloudWantsAndWhatTheNodeDoes() throws IOException {
        Path watched = system.folder().resolve("watched");
        Process watch = kubectl().start(watched, "get", "pods", "-w");
        try {
            Eventually.seen("what is there", () -> text(watched).contains("app "));
            Path file = Files.writeString(
                    system.folder().resolve("second.yaml"),
                    pod().replace("name: app", "name: second").replace(pids.toString(), pids + "2"));
            cloudKubectl().ok("apply", "-f", file.toString());
            Eventually.seen("it runs", () -> text(watched).matches("(?s).*second +1/1 +Running.*"), edge::lastLines);
            cloudKubectl().ok("delete", "pod", "second");
            Eventually.seen(
                    "it is gone", () -> kubectl().run("get", "pod", "second").code() != 0, edge::lastLines);
            assertThat(text(watched).lines().filter(line -> line.startsWith("app ")))
                    .as("a pod that did not change")
                    .hasSize(1);
        } finally {
            watch.destroyForcibly();
        }
    }

    @Test
    @Order(5)
    void itsBundlesAreReplacedWhileTheNodeRuns() {
        edge.shell("bundle:restart io.skep.metaserver", "bundle:restart io.skep.kube.rest");
        Eventually.seen("served again", () -> kubectl().run("get", "pod", "app").code() == 0, edge::lastLines);

        edge.shell("bundle:restart io.skep.metamanager");
        cloudKubectl().ok("label", "pod", "app", "seen=after");

        Eventually.seen(
                "the new MetaManager's changes",
                () -> kubectl().ok("get", "pod", "app", "--show-labels").contains("seen=after"),
                edge::lastLines);
        assertThat(Pods.pids(pids)).hasSize(1);
    }

    @Test
    @Order(6)
    void withTheCloudGoneReadsAndWatchesGoOnAndChangesAreRefused() {
        cloud.kill();
        Eventually.seen("link gone", () -> !edge.linked(), edge::lastLines);
        read(kubectl());
        Path watched = system.folder().resolve("alone");
        Process watch = kubectl().start(watched, "get", "pod", "app", "-w");
        try {
            Eventually.seen("what is there", () -> text(watched).contains("Running"));
            ProcessHandle.of(Long.parseLong(Pods.pids(pids).get(0))).ifPresent(ProcessHandle::destroyForcibly);
            Eventually.seen(
                    "its restart", () -> text(watched).matches("(?s).*app +1/1 +Running +1 .*"), edge::lastLines);
        } finally {
            watch.destroyForcibly();
        }
        assertThat(kubectl().refused("delete", "pod", "app")).contains("link to the cloud is down");
        assertThat(kubectl().refused("label", "node", "worker", "a=b")).contains("link to the cloud is down");
        assertThat(kubectl().ok("get", "pods")).contains("app ");
    }

    @Test
    @Order(7)
    void afterARestartWithoutTheCloudItIsThereAgain() {
        edge.kill();
        edge.start("edge");

        Eventually.seen("served", () -> kubectl().run("get", "pods").code() == 0, edge::lastLines);
        read(kubectl());
        assertThat(Pods.alive(pids)).isTrue();
    }

    @Test
    @Order(8)
    void itIsSwitchedOffWhileTheNodeRuns() {
        edge.shell("feature:uninstall " + FEATURE);

        Eventually.seen("ready without", () -> edge.ready() && !edge.readiness().contains("]api"), edge::lastLines);
        assertThat(kubectl().refused("get", "pods")).contains("refused");
        assertThat(system.skep(List.of("kubeconfig", "--edge")).all()).contains("feature:install " + FEATURE);
        assertThat(Pods.alive(pids)).isTrue();
    }

    private static String pod() {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: app, labels: {app: web}}
                spec:
                  nodeName: worker
                  hostNetwork: true
                  runtimeClassName: process
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: settings, configMap: {name: settings}}]
                  containers:
                    - name: main
                      image: none
                      command: ["/bin/sh", "-c", "%s"]
                      volumeMounts: [{name: settings, mountPath: /settings}]
                """.formatted("echo here I am; " + Pods.notingPid(pids));
    }

    /** Each has its own cache of discovery, empty at first. */
    private static Path home(int number) {
        try {
            return Files.createTempDirectory(system.folder(), "home-" + number + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
