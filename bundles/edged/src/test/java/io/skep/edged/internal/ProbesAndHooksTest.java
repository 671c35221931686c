package io.skep.edged.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.skep.core.api.message.Operation;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ExecResult;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbesAndHooksTest {

    private static final ExecResult BAD = new ExecResult(1, "", "no luck");

    @TempDir
    Path data;

    private EdgedFixture edged;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        edged = new EdgedFixture(data).start();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void pod(String fields) {
        edged.push(
                Operation.INSERT,
                PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"i\"," + fields + "}"),
                "pod");
    }

    private void answer(String path, int code) {
        server.createContext(path, exchange -> {
            exchange.sendResponseHeaders(code, -1);
            exchange.close();
        });
    }

    private String httpGet(String path) {
        return "{\"httpGet\":{\"host\":\"127.0.0.1\",\"path\":\"" + path + "\",\"port\":"
                + server.getAddress().getPort() + "},\"periodSeconds\":1}";
    }

    @Test
    void anHttpReadinessProbeMakesThePodReady() {
        answer("/ok", 204);

        pod("\"readinessProbe\":" + httpGet("/ok"));
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
    }

    @Test
    void anHttpErrorIsAFailureWithItsCode() {
        answer("/ok", 503);

        pod("\"readinessProbe\":" + httpGet("/ok"));
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.condition("web", "Ready")).isEqualTo("False");
        assertThat(edged.status("web").objects("conditions").toString())
                .contains("containers with unready status: [web]");
        assertThat(edged.events()).contains("Unhealthy");
    }

    @Test
    void aRedirectToAnotherHostPassesWithAWarning() {
        server.createContext("/away", exchange -> {
            exchange.getResponseHeaders().set("Location", "http://192.0.2.1/");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });

        pod("\"readinessProbe\":" + httpGet("/away"));
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
        assertThat(edged.events()).contains("ProbeWarning").doesNotContain("Unhealthy");
    }

    @Test
    void aTcpProbePassesWhenSomebodyListens() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            pod("\"readinessProbe\":{\"tcpSocket\":{\"host\":\"127.0.0.1\",\"port\":" + socket.getLocalPort() + "}}");
            edged.advance(Duration.ofSeconds(1));
        }

        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
    }

    @Test
    void readinessComesAndGoesWithItsThresholds() {
        pod("\"readinessProbe\":{\"exec\":{\"command\":[\"t\"]},\"periodSeconds\":1,\"failureThreshold\":2}");
        edged.advance(Duration.ofSeconds(2));
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");

        edged.runtime.onExec((id, command) -> BAD);
        edged.advance(Duration.ofMillis(1250));
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.condition("web", "Ready")).isEqualTo("False");
        assertThat(edged.calls("startContainer")).isEqualTo(1);
    }

    @Test
    void aFailedLivenessProbeRestartsTheContainerWithItsOwnGrace() {
        edged.runtime.onExec((id, command) -> BAD);

        pod("\"livenessProbe\":{\"exec\":{\"command\":[\"t\"]},\"periodSeconds\":1,\"failureThreshold\":3,"
                + "\"initialDelaySeconds\":2,\"terminationGracePeriodSeconds\":3}");
        edged.advance(Duration.ofMillis(3750));
        assertThat(edged.calls("stopContainer")).isZero();
        edged.advance(Duration.ofMillis(500));

        assertThat(edged.runtime.calls()).anyMatch(c -> c.startsWith("stopContainer") && c.endsWith("3s"));
        assertThat(edged.calls("startContainer")).isEqualTo(2);
        assertThat(edged.events()).contains("Unhealthy", "Killing");
    }

    @Test
    void theStartupProbeHoldsTheOthersBack() {
        boolean[] up = {false};
        edged.runtime.onExec((id, command) -> command.contains("start") && !up[0] ? BAD : new ExecResult(0, "", ""));

        pod("\"startupProbe\":{\"exec\":{\"command\":[\"start\"]},\"periodSeconds\":1,\"failureThreshold\":30},"
                + "\"livenessProbe\":{\"exec\":{\"command\":[\"live\"]},\"periodSeconds\":1}");
        edged.advance(Duration.ofSeconds(4));
        assertThat(edged.container("web").flag(true, "started")).isFalse();
        assertThat(edged.runtime.calls()).noneMatch(c -> c.endsWith("live"));
        up[0] = true;
        edged.advance(Duration.ofSeconds(2));

        assertThat(edged.container("web").flag(false, "started")).isTrue();
        assertThat(edged.runtime.calls()).anyMatch(c -> c.endsWith("live"));
    }

    @Test
    void aStartupProbeThatNeverPassesRestartsTheContainer() {
        edged.runtime.onExec((id, command) -> BAD);

        pod("\"startupProbe\":{\"exec\":{\"command\":[\"s\"]},\"periodSeconds\":1,\"failureThreshold\":2}");
        edged.advance(Duration.ofSeconds(3));

        assertThat(edged.calls("startContainer")).isEqualTo(2);
    }

    @Test
    void aProbeThatCannotBeTriedChangesNothing() {
        pod("\"livenessProbe\":{\"exec\":{\"command\":[\"t\"]},\"periodSeconds\":1,\"failureThreshold\":1}");
        edged.advance(Duration.ofSeconds(1));

        edged.runtime.fail("execSync", new ContainerException(ContainerException.Code.UNAVAILABLE, "away"));
        edged.advance(Duration.ofSeconds(2));

        assertThat(edged.calls("stopContainer")).isZero();
    }

    private static String grpc(String kind) {
        return "\"" + kind + "\":{\"grpc\":{\"port\":9,\"service\":\"s\"},\"periodSeconds\":1,\"failureThreshold\":2}";
    }

    @Test
    void aGrpcProbeAsksTheServiceItNames() {
        edged.module.bindGrpc(
                (server, service, timeout) -> server.getPort() == 9 && service.equals("s") && timeout.toSeconds() == 1
                        ? Optional.empty()
                        : Optional.of("asked wrongly: " + server + service + timeout));

        pod(grpc("readinessProbe"));
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
    }

    @Test
    void aGrpcProbeThatFailsRestartsTheContainer() {
        edged.module.bindGrpc((server, service, timeout) -> Optional.of("service unhealthy"));

        pod(grpc("livenessProbe"));
        edged.advance(Duration.ofSeconds(3));

        assertThat(edged.calls("startContainer")).isEqualTo(2);
        assertThat(edged.events()).contains("Unhealthy");
    }

    /** The bundle that speaks gRPC may be away for its update: that must not restart an app, nor call it ready. */
    @Test
    void aGrpcProbeThatNobodyCanAskPassesNothingAndRestartsNothing() {
        pod(grpc("livenessProbe") + "," + grpc("readinessProbe"));
        edged.advance(Duration.ofSeconds(5));

        assertThat(edged.condition("web", "Ready")).isEqualTo("False");
        assertThat(edged.calls("stopContainer")).isZero();
        assertThat(edged.events()).contains("Unhealthy");
    }

    @Test
    void aFailedPostStartStopsTheContainer() {
        edged.runtime.onExec((id, command) -> BAD);

        pod("\"lifecycle\":{\"postStart\":{\"exec\":{\"command\":[\"h\"]}}}");
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.events()).contains("FailedPostStartHook");
        assertThat(edged.calls("startContainer")).isGreaterThan(1);
    }

    @Test
    void preStopRunsBeforeTheSignalAndTakesFromTheGrace() {
        pod("\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":3}}}");

        edged.push(
                Operation.UPDATE,
                PodDocs.deleting(
                        PodDocs.pod(
                                "web",
                                "uid-1",
                                "{\"name\":\"web\",\"image\":\"i\",\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":3}}}}"),
                        10),
                "pod");
        assertThat(edged.calls("stopContainer")).isZero();
        edged.advance(Duration.ofSeconds(3));

        assertThat(edged.runtime.calls()).anyMatch(c -> c.startsWith("stopContainer") && c.endsWith(" 7s"));
    }

    @Test
    void anExecPreStopRunsInTheContainer() {
        pod("\"lifecycle\":{\"preStop\":{\"exec\":{\"command\":[\"bye\"]}}}");

        edged.push(
                Operation.UPDATE,
                PodDocs.deleting(
                        PodDocs.pod(
                                "web",
                                "uid-1",
                                "{\"name\":\"web\",\"image\":\"i\",\"lifecycle\":{\"preStop\":{\"exec\":{\"command\":[\"bye\"]}}}}"),
                        10),
                "pod");

        assertThat(edged.runtime.calls()).contains("execSync web bye");
        assertThat(edged.runtime.running("web")).isEmpty();
    }

    @Test
    void readinessIsAskedUntilTheEndAndLivenessIsNot() {
        String probes =
                "\"readinessProbe\":{\"exec\":{\"command\":[\"ready\"]},\"periodSeconds\":1,\"failureThreshold\":1},"
                        + "\"livenessProbe\":{\"exec\":{\"command\":[\"alive\"]},\"periodSeconds\":1},"
                        + "\"lifecycle\":{\"preStop\":{\"sleep\":{\"seconds\":9}}}";
        pod(probes);
        edged.advance(Duration.ofSeconds(1));
        assertThat(edged.condition("web", "Ready")).isEqualTo("True");
        edged.push(
                Operation.UPDATE,
                PodDocs.deleting(PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"i\"," + probes + "}"), 10),
                "pod");
        long alive = edged.runtime.calls().stream()
                .filter("execSync web alive"::equals)
                .count();

        edged.runtime.onExec((id, command) -> BAD);
        edged.advance(Duration.ofSeconds(2));

        assertThat(edged.condition("web", "Ready")).isEqualTo("False");
        assertThat(edged.runtime.running("web")).isPresent();
        assertThat(edged.runtime.calls().stream()
                        .filter("execSync web alive"::equals)
                        .count())
                .isEqualTo(alive);
    }

    @Test
    void aPreStopActionThatDoesNotEndKeepsNobodyLongerThanTheGrace() {
        String hook = "\"lifecycle\":{\"preStop\":{\"exec\":{\"command\":[\"bye\"]}}}";
        pod(hook);
        AtomicBoolean ranOn = new AtomicBoolean(true);
        edged.runtime.onExec((id, command) -> {
            edged.context.advance(Duration.ofSeconds(10));
            ranOn.set(edged.runtime.running("web").isPresent());
            return BAD;
        });

        edged.push(
                Operation.UPDATE,
                PodDocs.deleting(PodDocs.pod("web", "uid-1", "{\"name\":\"web\",\"image\":\"i\"," + hook + "}"), 10),
                "pod");

        assertThat(ranOn).isFalse();
        assertThat(edged.calls("stopContainer")).isEqualTo(1);
    }

    @Test
    void whatIsListedAfterAPostStartActionStartsOnceThatIsDone() {
        Doc pod = PodDocs.pod(
                "web",
                "uid-1",
                "{\"name\":\"proxy\",\"image\":\"i\",\"lifecycle\":{\"postStart\":{\"sleep\":{\"seconds\":3}}}},"
                        + "{\"name\":\"web\",\"image\":\"i\"}");

        edged.push(Operation.INSERT, pod, "pod");
        edged.advance(Duration.ofSeconds(2));
        assertThat(edged.runtime.running("proxy")).isPresent();
        assertThat(edged.runtime.running("web")).isEmpty();
        edged.advance(Duration.ofSeconds(1));

        assertThat(edged.runtime.running("web")).isPresent();
    }
}
