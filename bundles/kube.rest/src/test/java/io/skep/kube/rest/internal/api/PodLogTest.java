package io.skep.kube.rest.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.kube.api.Status;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;

class PodLogTest extends OnPodStreams {

    private static final String LOG = "/api/v1/namespaces/default/pods/web/log";
    private static final Map<String, Object> RUNNING = Map.of("running", Map.of());

    private static Map<String, Object> status(String container, Map<String, Object> state, Map<String, Object> last) {
        return Map.of("name", container, "state", state, "lastState", last);
    }

    private static Map<String, Object> terminated(String id) {
        return Map.of("terminated", Map.of("containerID", id, "exitCode", 1));
    }

    private void runningPod() {
        pod("edge-1", List.of("app"), List.of(status("app", RUNNING, Map.of())));
    }

    private CompletableFuture<HttpResponse<String>> ask(String query) {
        return api.client().sendAsync(api.request(LOG + query).build(), BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private void assertRefused(String query, int code, String message) throws Exception {
        HttpResponse<String> response = api.get(LOG + query);
        assertThat(TestApi.tree(response)).containsEntry("kind", "Status").containsEntry("code", code);
        assertThat(response.statusCode()).isEqualTo(code);
        assertThat(String.valueOf(TestApi.tree(response).get("message"))).isEqualTo(message);
    }

    @Test
    void logIsTextFromTheNodesKubelet() throws Exception {
        runningPod();
        CompletableFuture<HttpResponse<String>> asked = ask("");

        FakeStreams.Opened stream = streams.next();
        stream.say("one\n");
        stream.say("two\n");
        stream.end();

        HttpResponse<String> response = get(asked);
        assertThat(stream.node).isEqualTo("edge-1");
        assertThat(stream.request.path()).isEqualTo("/containerLogs/default/web/app");
        assertThat(stream.request.query()).isEmpty();
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain");
        assertThat(response.body()).isEqualTo("one\ntwo\n");
    }

    @Test
    void optionsGoToKubeletInItsOrder() throws Exception {
        runningPod();
        ask(
                "?timestamps=true&tailLines=3&follow=true&limitBytes=10&sinceTime=2026-01-01T01:00:00.5%2B01:00&container=app"
                        + "&previous=false&insecureSkipTLSVerifyBackend=true");

        FakeStreams.Opened stream = streams.next();
        assertThat(stream.request.query())
                .isEqualTo("follow=true&limitBytes=10&sinceTime=2026-01-01T00%3A00%3A00Z&tailLines=3&timestamps=true");
        stream.end();
    }

    @Test
    void followedLogIsSeenPieceByPiece() throws Exception {
        runningPod();
        CompletableFuture<HttpResponse<InputStream>> asked =
                api.client().sendAsync(api.request(LOG + "?follow=true").build(), BodyHandlers.ofInputStream());
        FakeStreams.Opened stream = streams.next();

        stream.say("one\n");
        InputStream body = get(asked).body();
        assertThat(body.readNBytes(4)).asString().isEqualTo("one\n");
        stream.say("two\n");
        assertThat(body.readNBytes(4)).asString().isEqualTo("two\n");
        stream.end();

        assertThat(body.readAllBytes()).isEmpty();
    }

    @Test
    void emptyLogIsAnEmptyAnswer() throws Exception {
        runningPod();
        CompletableFuture<HttpResponse<String>> asked = ask("");
        streams.next().end();

        assertThat(get(asked).statusCode()).isEqualTo(200);
        assertThat(get(asked).body()).isEmpty();
    }

    @Test
    void streamThatFailsBeforeItsFirstByteIsAnsweredWithTheFailure() throws Exception {
        runningPod();
        CompletableFuture<HttpResponse<String>> asked = ask("?follow=true");
        streams.next().fail("the tunnel was lost");

        assertThat(get(asked).statusCode()).isEqualTo(503);
        assertThat(TestApi.tree(get(asked))).containsEntry("message", "the tunnel was lost");
    }

    @Test
    void streamThatFailsLaterIsCutAndNotEnded() throws Exception {
        runningPod();
        CompletableFuture<HttpResponse<InputStream>> asked =
                api.client().sendAsync(api.request(LOG + "?follow=true").build(), BodyHandlers.ofInputStream());
        FakeStreams.Opened stream = streams.next();
        stream.say("one\n");
        InputStream body = get(asked).body();
        body.readNBytes(4);

        stream.fail("the tunnel was lost");

        assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }

    @Test
    void clientThatLeavesAQuietLogEndsItsStream() throws Exception {
        runningPod();
        SSLSocket socket = api.secureSocket();
        socket.getOutputStream().write(api.raw("GET", LOG + "?follow=true"));
        FakeStreams.Opened stream = streams.next();
        stream.say("one\n");
        assertThat(socket.getInputStream().read()).isEqualTo('H');

        socket.close();

        stream.awaitClosed();
    }

    @Test
    void quietLogOutlivesTheConnectionsIdleTimeout() throws Exception {
        runningPod();
        api.idleTimeout(2_000);
        CompletableFuture<HttpResponse<String>> asked = ask("?follow=true");
        FakeStreams.Opened stream = streams.next();
        stream.say("one\n");
        api.awaitIdleTimeouts();

        stream.say("two\n");
        stream.end();

        assertThat(get(asked).body()).isEqualTo("one\ntwo\n");
    }

    @Test
    void clientThatReadsNothingGetsNoMoreThanItsConnectionHolds() throws Exception {
        runningPod();
        try (SSLSocket socket = api.secureSocket()) {
            socket.getOutputStream().write(api.raw("GET", LOG + "?follow=true"));
            FakeStreams.Opened stream = streams.next();
            int parts = 0;
            CompletableFuture<Void> taken;
            do {
                taken = stream.listener.received(new byte[64 << 10]).toCompletableFuture();
                parts++;
            } while (parts < 1000 && ends(taken));
            assertThat(parts).isLessThan(1000);

            stream.fail("cut: its reader took nothing");

            get(taken.orTimeout(20, TimeUnit.SECONDS).exceptionally(e -> null));
        }
    }

    /** Whether it does so soon: what fills the connection only waits for it to be carried on. */
    private static boolean ends(CompletableFuture<Void> taken) throws Exception {
        try {
            taken.get(1, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Test
    void optionsAreValidatedInTheWordsOfTheRealServer() throws Exception {
        runningPod();
        assertRefused(
                "?tailLines=-1",
                422,
                "PodLogOptions \"web\" is invalid: tailLines: Invalid value: -1: must be greater than or equal to 0");
        assertRefused(
                "?limitBytes=0",
                422,
                "PodLogOptions \"web\" is invalid: limitBytes: Invalid value: 0: must be greater than 0");
        assertRefused(
                "?sinceSeconds=0",
                422,
                "PodLogOptions \"web\" is invalid: sinceSeconds: Invalid value: 0: must be greater than 0");
        assertRefused("?tailLines=x", 400, "strconv.ParseInt: parsing \"x\": invalid syntax");
        assertThat(api.get(LOG + "?sinceSeconds=1&sinceTime=2026-01-01T00:00:00Z")
                        .body())
                .contains("at most one of `sinceTime` or `sinceSeconds` may be specified");
        assertThat(api.get(LOG + "?sinceTime=yesterday").statusCode()).isEqualTo(400);
    }

    @Test
    void containerIsTheOnlyOneOrANamedOne() throws Exception {
        pod("edge-1", List.of("a", "b"), List.of(status("b", RUNNING, Map.of())));

        assertRefused("", 400, "a container name must be specified for pod web, choose one of: [a b]");
        assertRefused("?container=c", 400, "container c is not valid for pod web");
        ask("?container=b");
        assertThat(streams.next().request.path()).isEqualTo("/containerLogs/default/web/b");
    }

    @Test
    void containerThatHasNotStartedHasNoLog() throws Exception {
        pod(
                "edge-1",
                List.of("new", "image", "backoff", "unknown", "blank"),
                List.of(
                        status("new", Map.of("waiting", Map.of("reason", "ContainerCreating")), Map.of()),
                        status("image", Map.of("waiting", Map.of("reason", "ErrImagePull")), Map.of()),
                        status("backoff", Map.of("waiting", Map.of("reason", "ImagePullBackOff")), Map.of()),
                        status("blank", Map.of(), Map.of())));

        String start = "\" in pod \"web\" is waiting to start: ";
        assertRefused("?container=new", 400, "container \"new" + start + "ContainerCreating");
        assertRefused("?container=image", 400, "container \"image" + start + "image can't be pulled");
        assertRefused("?container=backoff", 400, "container \"backoff" + start + "trying and failing to pull image");
        assertRefused("?container=unknown", 400, "container \"unknown\" in pod \"web\" is not available");
        assertRefused("?container=blank", 400, "container \"blank\" in pod \"web\" is waiting to start - no logs yet");
    }

    @Test
    void previousLogIsThatOfALifeBefore() throws Exception {
        pod(
                "edge-1",
                List.of("once", "twice", "between"),
                List.of(
                        status("once", RUNNING, Map.of()),
                        status("twice", RUNNING, terminated("process://1")),
                        status(
                                "between",
                                Map.of("waiting", Map.of("reason", "CrashLoopBackOff")),
                                terminated("process://2"))));

        assertRefused(
                "?container=once&previous=true",
                400,
                "previous terminated container \"once\" in pod \"web\" not found");
        ask("?container=twice&previous=true");
        assertThat(streams.next().request.query()).isEqualTo("previous=true");
        ask("?container=between");
        assertThat(streams.next().request.path()).endsWith("/between");
    }

    @Test
    void podThatIsNotThereIsNotFoundAndOneWithoutANodeHasNoContent() throws Exception {
        assertRefused("", 404, "pods \"web\" not found");

        pod("", List.of("app"), List.of());

        assertThat(api.get(LOG).statusCode()).isEqualTo(204);
    }

    @Test
    void refusalOfTheWayToTheNodeIsTheAnswer() throws Exception {
        runningPod();
        streams.refusal = Optional.of(Status.of(Status.SERVICE_UNAVAILABLE, 503, "node \"edge-1\" has no tunnel"));
        assertRefused("", 503, "node \"edge-1\" has no tunnel");

        api.streams = Optional.empty();

        assertThat(api.get(LOG).statusCode()).isEqualTo(503);
    }

    @Test
    void logIsOnlyRead() throws Exception {
        runningPod();
        assertThat(api.send("POST", LOG, "", "").statusCode()).isEqualTo(405);
        assertThat(api.send("DELETE", LOG, "", "").statusCode()).isEqualTo(405);
    }
}
