package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.KubeClient;
import io.skep.itests.system.Kubectl;
import io.skep.itests.system.Pods;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The first day with stock kubectl, told in its own words, with every kubectl this machine has. */
class KubectlIT {

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;
    private static List<Path> programs;

    @BeforeAll
    static void open() {
        programs = Kubectl.programs();
        assumeFalse(programs.isEmpty(), "there is no kubectl here: './skep test' installs one where it may");
        system = TestSystem.fresh("kubectl");
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "worker");
        Eventually.seen("node Ready", () -> cloud.api().nodeReady("worker"), edge::lastLines);
    }

    @AfterAll
    static void close() {
        if (system != null) {
            system.close();
        }
    }

    @Test
    void nodesAreListedAndDescribed() {
        withEach(kubectl -> {
            assertThat(kubectl.ok("get", "nodes"))
                    .containsPattern("NAME +STATUS +ROLES +AGE +VERSION")
                    .containsPattern("worker +Ready +agent,edge +\\S+ +v1\\.31\\S*kubeedge-v1\\.22");
            assertThat(kubectl.ok("get", "nodes", "-o", "wide")).contains("INTERNAL-IP", "CONTAINER-RUNTIME");
            assertThat(kubectl.ok("describe", "node", "worker"))
                    .containsPattern("Name: +worker")
                    .contains("Conditions:", "Capacity:", "Lease:");
            assertThat(kubectl.ok("get", "leases", "-n", "kube-node-lease")).contains("worker");
            assertThat(kubectl.ok("get", "namespaces")).containsPattern("default +Active");
        });
    }

    @Test
    void objectsAreCreatedReadAppliedAndDeleted() {
        withEach(kubectl -> {
            assertThat(kubectl.ok("create", "configmap", "first", "--from-literal=a=1"))
                    .isEqualTo("configmap/first created\n");
            assertThat(kubectl.ok("get", "configmaps")).containsPattern("first +1 +\\S+");
            assertThat(json(kubectl.ok("get", "configmap", "first", "-o", "json"))
                            .at("/data/a")
                            .asText())
                    .isEqualTo("1");
            assertThat(kubectl.ok("get", "configmap", "first", "-o", "yaml")).contains("kind: ConfigMap", "a: \"1\"");
            assertThat(kubectl.ok("describe", "configmap", "first")).containsPattern("Name: +first");
            Path file =
                    write(kubectl, "applied", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {k: v}\n");
            assertThat(kubectl.ok("apply", "-f", file.toString())).isEqualTo("configmap/s created\n");
            assertThat(kubectl.ok("apply", "-f", file.toString())).isEqualTo("configmap/s unchanged\n");
            write(kubectl, "applied", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata: {k: w}\n");
            assertThat(kubectl.ok("apply", "-f", file.toString())).isEqualTo("configmap/s configured\n");
            assertThat(kubectl.ok("get", "secret", "tokensecret", "-n", "kubeedge"))
                    .containsPattern("tokensecret +Opaque +1 +");
            assertThat(kubectl.ok("delete", "configmap", "s")).contains("configmap \"s\" deleted");
            assertThat(kubectl.ok("delete", "configmap", "first")).contains("configmap \"first\" deleted");
            assertThat(kubectl.refused("get", "configmap", "first"))
                    .isEqualTo("Error from server (NotFound): configmaps \"first\" not found\n");
        });
    }

    @Test
    void runtimeClassesAreAppliedShownPatchedAndMissed() {
        withEach(kubectl -> {
            assertThat(kubectl.ok("get", "runtimeclasses"))
                    .containsPattern("NAME +HANDLER +AGE")
                    .containsPattern("process +process +\\S+");
            String kata = """
                    apiVersion: node.k8s.io/v1
                    kind: RuntimeClass
                    metadata: {name: kata}
                    handler: kata
                    overhead: {podFixed: {cpu: %s}}
                    """;
            Path file = write(kubectl, "class", kata.formatted("10m"));
            assertThat(kubectl.ok("apply", "-f", file.toString())).isEqualTo("runtimeclass.node.k8s.io/kata created\n");
            write(kubectl, "class", kata.formatted("20m"));
            assertThat(kubectl.ok("apply", "-f", file.toString()))
                    .isEqualTo("runtimeclass.node.k8s.io/kata configured\n");
            assertThat(kubectl.ok("describe", "runtimeclass", "kata"))
                    .containsPattern("Handler: +kata")
                    .containsPattern("Cpu: +20m");
            kubectl.ok("patch", "runtimeclass", "kata", "-p", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
            assertThat(kubectl.refused("patch", "runtimeclass", "kata", "-p", "{\"handler\":\"runc\"}"))
                    .contains("handler: Invalid value: \"runc\": field is immutable");
            assertThat(kubectl.ok("delete", "runtimeclass", "kata")).contains("\"kata\" deleted");
            Path pod = write(
                    kubectl,
                    "classless",
                    "apiVersion: v1\nkind: Pod\nmetadata: {name: classless}\n"
                            + "spec: {runtimeClassName: kata, containers: [{name: c, image: i}]}\n");
            assertThat(kubectl.refused("create", "-f", pod.toString()))
                    .contains("pods \"classless\" is forbidden: pod rejected: RuntimeClass \"kata\" not found");
        });
    }

    @Test
    void refusalsReadAsTheyDoEverywhere() {
        withEach(kubectl -> {
            kubectl.ok("create", "configmap", "twice", "--from-literal=a=1");
            assertThat(kubectl.refused("create", "configmap", "twice", "--from-literal=a=1"))
                    .contains("configmaps \"twice\" already exists");
            Path stale = write(
                    kubectl,
                    "stale",
                    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: twice, resourceVersion: '1'}\ndata: {a: '2'}\n");
            assertThat(kubectl.refused("replace", "-f", stale.toString()))
                    .contains("Conflict", "the object has been modified");
            Path invalid = write(
                    kubectl,
                    "invalid",
                    "apiVersion: v1\nkind: Pod\nmetadata: {name: Not_A_Name}\nspec: {containers: [{name: c, image: i}]}\n");
            assertThat(kubectl.refused("create", "-f", invalid.toString())).contains("invalid", "metadata.name");
            kubectl.ok("delete", "configmap", "twice");
        });
    }

    @Test
    void podIsScheduledWatchedDescribedAndDeletedWithGrace() {
        withEach(kubectl -> {
            Path pids = kubectl.home().resolve("pids");
            Path watched = kubectl.home().resolve("watched");
            Process watch = kubectl.start(watched, "get", "pods", "-w");
            try {
                Path file = write(kubectl, "pod", pod(pids, "app"));
                assertThat(kubectl.ok("apply", "-f", file.toString())).isEqualTo("pod/app created\n");
                Eventually.seen("pod ready", () -> cloud.api().podReady("app"), edge::lastLines);
                Eventually.seen("watch shows it run", () -> text(watched).matches("(?s).*app +1/1 +Running.*"));
                assertThat(kubectl.ok("get", "pods", "-o", "wide")).containsPattern("app +1/1 +Running .* worker ");
                assertThat(kubectl.ok("get", "pod", "app", "-o", "yaml")).contains("phase: Running");
                assertThat(kubectl.ok("describe", "pod", "app"))
                        .containsPattern("Node: +worker")
                        .containsPattern("Status: +Running");
                assertThat(kubectl.ok("get", "events")).contains("pod/app");

                assertThat(kubectl.ok("delete", "pod", "app", "--grace-period=2"))
                        .contains("pod \"app\" deleted");
                assertThat(Pods.alive(pids)).isFalse();
                assertThat(kubectl.refused("get", "pod", "app")).contains("pods \"app\" not found");
            } finally {
                watch.destroyForcibly();
            }
        });
    }

    // The node learns the class through the link, though its cloud serves no MetaServers.
    @Test
    void podOfAClassRunsWhereTheClassSays() {
        withEach(kubectl -> {
            Path plain = write(
                    kubectl,
                    "plain",
                    "apiVersion: node.k8s.io/v1\nkind: RuntimeClass\nmetadata: {name: plain}\nhandler: process\n");
            Path file = write(
                    kubectl,
                    "pod",
                    pod(kubectl.home().resolve("pids"), "classed").replace("ClassName: process", "ClassName: plain"));

            kubectl.ok("apply", "-f", plain.toString());
            kubectl.ok("apply", "-f", file.toString());

            Eventually.seen("pod ready", () -> cloud.api().podReady("classed"), edge::lastLines);
            kubectl.ok("delete", "pod", "classed", "--grace-period=1");
            kubectl.ok("delete", "runtimeclass", "plain");
        });
    }

    /** No node is named: the scheduler finds one. */
    private static String pod(Path pids, String name) {
        return """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  nodeSelector: {node-role.kubernetes.io/edge: ""}
                  hostNetwork: true
                  runtimeClassName: process
                  containers:
                    - name: main
                      image: none
                      command: ["/bin/sh", "-c", "%s"]
                """.formatted(name, Pods.notingPid(pids));
    }

    private static void withEach(Consumer<Kubectl> flow) {
        for (int i = 0; i < programs.size(); i++) {
            Kubectl kubectl = new Kubectl(programs.get(i), cloud.kubeconfig(), home(i));
            try {
                flow.accept(kubectl);
            } catch (AssertionError e) {
                throw new AssertionError("with " + kubectl + ": " + e.getMessage(), e);
            }
        }
    }

    /** Each has its own cache of discovery, empty at first. */
    private static Path home(int number) {
        try {
            return Files.createTempDirectory(system.folder(), "home-" + number + "-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path write(Kubectl kubectl, String name, String text) {
        try {
            return Files.writeString(kubectl.home().resolve(name + ".yaml"), text);
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

    private static JsonNode json(String text) {
        return KubeClient.object(text);
    }
}
