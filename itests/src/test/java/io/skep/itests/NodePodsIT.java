package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.KubeClient;
import io.skep.itests.system.Pods;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.TestSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a node does with pods by itself: its own ones, those it has no room for, and all of them when the machine ends. */
class NodePodsIT {

    private static final String PODS = "/api/v1/namespaces/default/pods/";

    private static TestSystem system;
    private static RunningRole cloud;
    private static RunningRole edge;
    private static Path files;

    @BeforeAll
    static void open() throws IOException {
        system = TestSystem.fresh("nodepods");
        files = Files.createDirectories(system.folder().resolve("static"));
        cloud = system.cloud("cloud");
        edge = system.edge(
                "edge",
                cloud,
                "worker",
                List.of(
                        "io.skep.edged:static.pods=" + files,
                        "io.skep.edged:status.seconds=1",
                        "io.skep.edged:eviction.transition.seconds=0"));
        Eventually.seen("node Ready", () -> cloud.api().nodeReady("worker"), edge::lastLines);
    }

    @AfterAll
    static void close() {
        system.close();
    }

    private static void write(String name, String script) throws IOException {
        Path next = system.folder().resolve(name + ".next");
        Files.writeString(next, """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s}
                spec:
                  hostNetwork: true
                  runtimeClassName: process
                  terminationGracePeriodSeconds: 1
                  containers:
                    - {name: main, image: none, command: ["/bin/sh", "-c", "%s"]}
                """.formatted(name, script));
        Files.move(next, files.resolve(name + ".yaml"));
    }

    private static String uid(String pod) {
        return cloud.api()
                .get(PODS + pod)
                .map(p -> p.at("/metadata/uid").asText())
                .orElse("");
    }

    private static boolean absent(String pod) {
        return cloud.api().get(PODS + pod).isEmpty();
    }

    private static int starts(Path pids) {
        return Pods.pids(pids).size();
    }

    @Test
    void podOfAFileRunsIsMirroredAndFollowsTheFileAlone() throws IOException {
        Path pids = system.folder().resolve("front-pids");
        write("front", Pods.notingPid(pids));
        Eventually.seen("mirror ready", () -> cloud.api().podReady("front-worker"), edge::lastLines);
        String mirror = uid("front-worker");

        cloud.api().delete(PODS + "front-worker");
        Eventually.seen(
                "another mirror",
                () -> !uid("front-worker").equals(mirror) && cloud.api().podReady("front-worker"),
                edge::lastLines);
        assertThat(starts(pids)).as("starts, with its mirror deleted").isEqualTo(1);

        Files.delete(files.resolve("front.yaml"));
        Eventually.seen("its end", () -> !Pods.alive(pids), edge::lastLines);
        Eventually.seen("no mirror", () -> absent("front-worker"), edge::lastLines);
    }

    @Test
    void changedFileIsAnotherPod() throws IOException {
        Path before = system.folder().resolve("before-pids");
        Path after = system.folder().resolve("after-pids");
        write("back", Pods.notingPid(before));
        Eventually.seen("mirror ready", () -> cloud.api().podReady("back-worker"), edge::lastLines);

        Files.delete(files.resolve("back.yaml"));
        write("back", Pods.notingPid(after));

        Eventually.seen("the other runs", () -> Pods.alive(after), edge::lastLines);
        assertThat(Pods.alive(before)).isFalse();
        Eventually.seen("its mirror", () -> script("back-worker").contains("after-pids"), edge::lastLines);
        Files.delete(files.resolve("back.yaml"));
        Eventually.seen("no mirror", () -> absent("back-worker"), edge::lastLines);
    }

    private static String script(String pod) {
        return cloud.api()
                .get(PODS + pod)
                .map(p -> p.at("/spec/containers/0/command/2").asText())
                .orElse("");
    }

    @Test
    void withoutTheCloudFilesAreFollowedAndItHearsOfItLater() throws IOException {
        Path kept = system.folder().resolve("kept-pids");
        Path fresh = system.folder().resolve("fresh-pids");
        write("kept", Pods.notingPid(kept));
        Eventually.seen("mirror ready", () -> cloud.api().podReady("kept-worker"), edge::lastLines);
        cloud.kill();
        Eventually.seen("no link", () -> !edge.linked(), edge::lastLines);

        write("fresh", Pods.notingPid(fresh));

        Eventually.seen("it runs", () -> Pods.alive(fresh), edge::lastLines);
        assertThat(Pods.alive(kept)).isTrue();
        cloud.start("cloud");
        Eventually.seen("mirror ready", () -> cloud.api().podReady("fresh-worker"), edge::lastLines);
        assertThat(starts(kept)).isEqualTo(1);
        Files.delete(files.resolve("kept.yaml"));
        Files.delete(files.resolve("fresh.yaml"));
        Eventually.seen("no mirrors", () -> absent("kept-worker") && absent("fresh-worker"), edge::lastLines);
    }

    @Test
    void nodeThatIsShortOfMemoryEndsAPodButNoneOfItsOwn() throws IOException {
        Path own = system.folder().resolve("own-pids");
        Path victim = system.folder().resolve("victim-pids");
        write("own", Pods.notingPid(own));
        cloud.api().createPod("victim", "worker", Pods.notingPid(victim));
        Eventually.seen(
                "both ready",
                () -> cloud.api().podReady("victim") && cloud.api().podReady("own-worker"),
                edge::lastLines);

        setting("eviction.memory.available = 99%");

        Eventually.seen("eviction", () -> reason("victim").equals("Evicted"), edge::lastLines);
        Eventually.seen("its end", () -> !Pods.alive(victim), edge::lastLines);
        Eventually.seen("pressure", () -> node("MemoryPressure").equals("True"), edge::lastLines);
        assertThat(Pods.alive(own)).isTrue();

        setting("eviction.memory.available = 100Mi");
        Eventually.seen("no pressure", () -> node("MemoryPressure").equals("False"), edge::lastLines);
        cloud.api().delete(PODS + "victim");
        Files.delete(files.resolve("own.yaml"));
        Eventually.seen("no pods", () -> absent("victim") && absent("own-worker"), edge::lastLines);
    }

    @Test
    void podsEndWithTheMachineOnlyAndComeBackWithIt() {
        Path pids = system.folder().resolve("web-pids");
        cloud.api().createPod("web", "worker", Pods.notingPid(pids));
        Eventually.seen("pod ready", () -> cloud.api().podReady("web"), edge::lastLines);

        edge.stop();
        assertThat(Pods.alive(pids)).as("after an instance's own end").isTrue();
        edge.start("edge");
        Eventually.seen("node Ready", () -> cloud.api().nodeReady("worker"), edge::lastLines);
        assertThat(starts(pids)).isEqualTo(1);

        assertThat(system.skep(List.of("down", "--pods", "edge")).all()).contains("pods ended: edge");
        assertThat(Pods.alive(pids)).isFalse();
        assertThat(node("Ready")).isNotEqualTo("True");
        edge.start("edge");
        Eventually.seen("it runs again", () -> starts(pids) == 2 && Pods.alive(pids), edge::lastLines);
        Eventually.seen("pod ready", () -> cloud.api().podReady("web"), edge::lastLines);
        cloud.api().delete(PODS + "web");
        Eventually.seen("no pod", () -> absent("web"), edge::lastLines);
    }

    /** The last line of a key counts. */
    private static void setting(String line) throws IOException {
        Files.writeString(
                edge.folder().resolve("etc/io.skep.edged.cfg"), "\n" + line + "\n", StandardOpenOption.APPEND);
    }

    private static String reason(String pod) {
        return cloud.api()
                .get(PODS + pod)
                .map(p -> p.at("/status/reason").asText())
                .orElse("");
    }

    private static String node(String condition) {
        JsonNode node = cloud.api().get("/api/v1/nodes/worker").orElseThrow();
        return KubeClient.condition(node, condition);
    }
}
