package io.skep.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.skep.itests.system.Commands.Outcome;
import io.skep.itests.system.Eventually;
import io.skep.itests.system.Kubectl;
import io.skep.itests.system.RunningRole;
import io.skep.itests.system.SocketText;
import io.skep.itests.system.TestSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** Logs and commands of a node's pods with every kubectl this machine has, through the node's own tunnel. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class PodStreamsContract {

    private TestSystem system;
    private RunningRole cloud;
    private RunningRole edge;
    private List<Path> programs;

    /** The system's folder. */
    protected abstract String name();

    /** What the pod runs on, and an image that has a shell there. */
    protected abstract String runtime();

    protected abstract String image();

    /** The node's settings, as {@code --set} takes them, once the system's folder is there. */
    protected abstract List<String> settings(Path folder) throws Exception;

    @BeforeAll
    void open() throws Exception {
        programs = Kubectl.programs();
        assumeFalse(programs.isEmpty(), "there is no kubectl here: './skep test' installs one where it may");
        system = TestSystem.fresh(name());
        List<String> settings = settings(system.folder());
        cloud = system.cloud("cloud");
        edge = system.edge("edge", cloud, "worker", settings);
        Path pods = Files.writeString(
                system.folder().resolve("pods.yaml"),
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: web}
                spec:
                  nodeName: worker
                  hostNetwork: true
                  runtimeClassName: %1$s
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: lived, emptyDir: {}}]
                  containers:
                    - {name: ten, image: "%2$s", command: ["/bin/sh", "-c", "seq 1 10; exec sleep 100000"]}
                    - {name: ticks, image: "%2$s", command: ["/bin/sh", "-c", "while echo tick; do sleep 0.2; done"]}
                    - name: again
                      image: "%2$s"
                      command: ["/bin/sh", "-c", "%3$s"]
                      volumeMounts: [{name: lived, mountPath: /lived}]
                """.formatted(
                                runtime(),
                                image(),
                                "echo a life; cd ${SKEP_CONTAINER_ROOT:-}/lived; test -f once && exec sleep 100000; touch once; exit 3"));
        new Kubectl(programs.get(0), cloud.kubeconfig(), system.folder()).ok("apply", "-f", pods.toString());
        // It may have been ready in the first life of "again", too.
        Eventually.seen("second life", this::livesAgain, edge::lastLines);
        Eventually.seen("pod ready", () -> cloud.api().podReady("web"), edge::lastLines);
        Eventually.seen("tunnel", () -> cloud.metric("skep_stream_tunnels") == 1, edge::lastLines);
    }

    private boolean livesAgain() {
        return cloud.api().get("/api/v1/namespaces/default/pods/web").stream()
                .flatMap(pod -> pod.at("/status/containerStatuses").findParents("restartCount").stream())
                .anyMatch(container -> container.path("restartCount").asInt() == 1
                        && container.at("/state").has("running"));
    }

    /** The pod goes first: its containers would outlive all processes of the system. */
    @AfterAll
    void close() {
        if (system == null) {
            return;
        }
        try {
            if (edge != null && edge.process().isPresent()) {
                new Kubectl(programs.get(0), cloud.kubeconfig(), system.folder())
                        .run("delete", "pod", "web", "--force", "--grace-period=0");
                Eventually.seen("no pod at the node", () -> edge.metric("skep_pods") == 0, edge::lastLines);
            }
        } finally {
            system.close();
        }
    }

    @Test
    void logIsShownWholeOrAsMuchAsIsAskedFor() {
        withEach(kubectl -> {
            assertThat(kubectl.ok("logs", "web", "-c", "ten").lines())
                    .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
            assertThat(kubectl.ok("logs", "web", "-c", "ten", "--tail=2")).isEqualTo("9\n10\n");
            assertThat(kubectl.ok("logs", "web", "-c", "ten", "--limit-bytes=4"))
                    .isEqualTo("1\n2\n");
            assertThat(kubectl.ok("logs", "web", "-c", "ten", "--timestamps", "--tail=1"))
                    .matches("\\d{4}-\\d\\d-\\d\\dT\\S+ 10\n");
            assertThat(kubectl.ok("logs", "web", "-c", "ten", "--since-time=2100-01-01T00:00:00Z"))
                    .isEmpty();
            assertThat(kubectl.ok("logs", "web", "-c", "ticks", "--since=1h")).startsWith("tick\n");
        });
    }

    @Test
    void logOfTheLifeBeforeIsShown() {
        withEach(kubectl -> {
            assertThat(kubectl.ok("logs", "web", "-c", "again", "--previous")).isEqualTo("a life\n");
            assertThat(kubectl.refused("logs", "web", "-c", "ten", "--previous"))
                    .contains("previous terminated container \"ten\" in pod \"web\" not found");
        });
    }

    @Test
    void wrongQuestionsAreRefusedAsTheyAreEverywhere() {
        withEach(kubectl -> {
            assertThat(kubectl.refused("logs", "nowhere")).contains("pods \"nowhere\" not found");
            assertThat(kubectl.refused("logs", "web", "-c", "no")).contains("container no is not valid for pod web");
            assertThat(kubectl.refused("exec", "web", "-c", "no", "--", "true"))
                    .contains("container no is not valid for pod web");
        });
    }

    @Test
    void followedLogGoesOnAndLeavesNothingBehindWhenItIsGivenUp() {
        withEach(kubectl -> {
            Path shown = kubectl.home().resolve("followed");
            Process follow = kubectl.start(shown, "logs", "web", "-c", "ticks", "-f", "--tail=1");
            try {
                Eventually.seen("lines follow", () -> text(shown).lines().count() > 5, () -> text(shown));
                assertThat(cloud.metric("skep_stream_open")).isEqualTo(1);
            } finally {
                follow.destroyForcibly();
            }
            nothingIsLeft();
        });
    }

    /** Nothing comes that could be written, and so fail: a client that leaves has to be noticed without. */
    @Test
    void quietLogThatIsGivenUpLeavesNothingBehind() {
        withEach(kubectl -> {
            Path shown = kubectl.home().resolve("quiet");
            Process follow = kubectl.start(shown, "logs", "web", "-c", "ten", "-f");
            try {
                Eventually.seen("log", () -> text(shown).contains("10\n"), () -> text(shown));
            } finally {
                follow.destroyForcibly();
            }
            nothingIsLeft();
        });
    }

    /** As browsers and the conformance tests read one. */
    @Test
    void logComesOverAWebSocketAndLeavesNothingBehindWhenThatIsGivenUp() {
        String log = "/api/v1/namespaces/default/pods/web/log?container=";
        SocketText whole = new SocketText();
        cloud.api().socket(log + "ten", "binary.k8s.io", whole);
        assertThat(whole.closed()).isEqualTo(WebSocket.NORMAL_CLOSURE);
        assertThat(whole.text()).isEqualTo("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n");

        SocketText followed = new SocketText();
        WebSocket socket = cloud.api().socket(log + "ticks&follow=true&tailLines=1", "binary.k8s.io", followed);
        Eventually.seen("lines follow", () -> followed.text().lines().count() > 5, followed::text);
        socket.abort();
        nothingIsLeft();
    }

    @Test
    void commandsOutputErrorsAndExitCodeComeBack() {
        withEach(kubectl -> {
            Outcome outcome =
                    kubectl.run("exec", "web", "-c", "ten", "--", "/bin/sh", "-c", "echo out; echo err >&2; exit 7");
            assertThat(outcome.code()).as(outcome.all()).isEqualTo(7);
            assertThat(outcome.out()).isEqualTo("out\n");
            assertThat(outcome.err()).contains("err\n").contains("exit code 7");
            assertThat(kubectl.ok("exec", "web", "-c", "ten", "--", "seq", "1", "50000")
                            .lines())
                    .hasSize(50_000);
            nothingIsLeft();
        });
    }

    // A command travels in the URL; Kubernetes' own tests send one of this length.
    @Test
    void commandMayBeLong() {
        String word = "a".repeat(20_000);
        withEach(kubectl -> assertThat(kubectl.ok("exec", "web", "-c", "ten", "--", "echo", word))
                .isEqualTo(word + "\n"));
    }

    @Test
    void commandReadsWhatIsTyped() {
        withEach(kubectl -> {
            Outcome outcome =
                    kubectl.runTyping("a line\nand another\n", "exec", "-i", "web", "-c", "ten", "--", "/bin/cat");
            assertThat(outcome.code()).as(outcome.all()).isZero();
            assertThat(outcome.out()).isEqualTo("a line\nand another\n");
            nothingIsLeft();
        });
    }

    @Test
    void shellOnATerminalKnowsItsSizeAndReturnsItsExitCode() {
        withEach(kubectl -> {
            // The size comes on a channel of its own, perhaps after what is typed.
            String typed =
                    "until s=$(stty size 2>/dev/null) && [ \"$s\" != '0 0' ]; do sleep 0.1; done; echo $s\nexit 5\n";
            Outcome outcome = kubectl.runOnTerminal(101, 41, typed, "exec", "-it", "web", "-c", "ten", "--", "/bin/sh");
            assertThat(outcome.code()).as(outcome.all()).isEqualTo(5);
            assertThat(outcome.out()).contains("41 101");
            nothingIsLeft();
        });
    }

    @Test
    void commandThatIsGivenUpLeavesNothingBehind() {
        withEach(kubectl -> {
            Path shown = kubectl.home().resolve("exec");
            Process exec = kubectl.start(
                    shown, "exec", "web", "-c", "ten", "--", "/bin/sh", "-c", "echo begun; exec sleep 1000");
            try {
                Eventually.seen("command runs", () -> text(shown).contains("begun\n"), () -> text(shown));
            } finally {
                exec.destroyForcibly();
            }
            nothingIsLeft();
        });
    }

    private void nothingIsLeft() {
        Eventually.seen("no stream at the cloud", () -> cloud.metric("skep_stream_open") == 0, cloud::lastLines);
        Eventually.seen("no stream at the node", () -> edge.metric("skep_tunnel_streams") == 0, edge::lastLines);
    }

    private void withEach(Consumer<Kubectl> flow) {
        for (int i = 0; i < programs.size(); i++) {
            Kubectl kubectl = new Kubectl(programs.get(i), cloud.kubeconfig(), home(i));
            try {
                flow.accept(kubectl);
            } catch (AssertionError e) {
                throw new AssertionError("with " + kubectl + ": " + e.getMessage(), e);
            }
        }
    }

    private Path home(int number) {
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
