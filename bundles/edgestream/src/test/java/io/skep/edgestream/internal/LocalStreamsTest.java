package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.core.api.module.Handover;
import io.skep.core.api.module.ModuleNames;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.Status;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.kube.api.stream.PodStreamListener;
import io.skep.runtime.api.Eventually;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is asked on the node itself; there is no tunnel in any of these. */
class LocalStreamsTest extends NodeFixture {

    private static KubeletRequest asked(String path, String query) {
        return new KubeletRequest("GET", path, query, Map.of());
    }

    private PodStream log(String query, Reader reader) {
        return local.orElseThrow().logs("edge-1", asked("/containerLogs/default/web/app", query), reader);
    }

    /** Takes everything, at its own pace. */
    private static final class Reader implements PodStreamListener {

        private final ByteArrayOutputStream all = new ByteArrayOutputStream();
        private final CompletableFuture<Optional<Status>> end = new CompletableFuture<>();
        private volatile CompletableFuture<Void> ready = CompletableFuture.completedFuture(null);
        private volatile int pieces;

        @Override
        public CompletionStage<Void> received(byte[] data) {
            synchronized (all) {
                all.writeBytes(data);
            }
            pieces++;
            return ready;
        }

        @Override
        public void ended(Optional<Status> failure) {
            end.complete(failure);
        }

        String text() {
            synchronized (all) {
                return all.toString(StandardCharsets.UTF_8);
            }
        }

        Optional<Status> awaitEnd() throws Exception {
            return end.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void logIsReadWithoutATunnel() throws Exception {
        container("app", 0);
        write("app/0.log", "x".repeat(600), "last");
        Reader reader = new Reader();

        log("", reader);

        assertThat(reader.awaitEnd()).isEmpty();
        assertThat(reader.text()).isEqualTo("x".repeat(600) + "\nlast\n");
        Eventually.holds("nothing is left", () -> figure("skep_tunnel_streams") == 0);
    }

    @Test
    void slowReaderGetsTheNextPieceWhenItIsDoneWithTheLast() throws Exception {
        container("app", 0);
        write("app/0.log", "x".repeat(600));
        Reader reader = new Reader();
        CompletableFuture<Void> slow = new CompletableFuture<>();
        reader.ready = slow;

        log("", reader);
        Eventually.holds("the first piece", () -> reader.pieces == 1);
        on(() -> {}); // whatever else was to come has come
        assertThat(reader.pieces).isEqualTo(1);
        slow.complete(null);

        assertThat(reader.awaitEnd()).isEmpty();
        assertThat(reader.text()).hasSize(601);
    }

    @Test
    void followedLogThatIsGivenUpLeavesNothingBehind() throws Exception {
        container("app", 0);
        write("app/0.log", "one");
        Reader reader = new Reader();
        PodStream stream = log("follow=true", reader);
        Eventually.holds("it is followed", () -> reader.text().equals("one\n"));

        stream.close();

        Eventually.holds("nothing is left", () -> figure("skep_tunnel_streams") == 0);
        assertThat(reader.end).isNotDone();
    }

    @Test
    void readerThatFailsIsGivenUp() throws Exception {
        container("app", 0);
        write("app/0.log", "one");
        Reader reader = new Reader();
        reader.ready = CompletableFuture.failedFuture(new IllegalStateException("gone"));

        log("follow=true", reader);

        Eventually.holds(
                "it was begun and nothing is left",
                () -> figure("skep_tunnel_streams_begun") == 1 && figure("skep_tunnel_streams") == 0);
    }

    @Test
    void commandIsAnsweredInKubeletsHttp() throws Exception {
        container("app", 0);
        Reader reader = new Reader();

        local.orElseThrow().exec("edge-1", asked("/exec/default/web/app", "command=ls&output=1"), reader);

        assertThat(reader.awaitEnd()).isEmpty();
        assertThat(reader.text()).startsWith("HTTP/1.1 400 ").endsWith("Upgrade request required");
    }

    @Test
    void thereIsNoWayToAnotherNode() {
        assertRefused("edge-2", Status.SERVICE_UNAVAILABLE);
    }

    @Test
    void noMoreStreamsAreOpenThanTheNodeAllows() throws Exception {
        container("app", 0);
        write("app/0.log", "one");
        log("follow=true", new Reader());
        log("follow=true", new Reader());

        assertRefused("edge-1", Status.TOO_MANY_REQUESTS);
    }

    private void assertRefused(String node, String reason) {
        assertThatThrownBy(
                        () -> local.orElseThrow().logs(node, asked("/containerLogs/default/web/app", ""), new Reader()))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void streamsEndWithTheModuleAndSayWhy() throws Exception {
        container("app", 0);
        write("app/0.log", "one");
        Reader reader = new Reader();
        log("follow=true", reader);
        Eventually.holds("it is followed", () -> reader.text().equals("one\n"));

        on(() -> module.stop());

        assertThat(reader.awaitEnd().orElseThrow().message()).isEqualTo("edgestream stops");
        assertThat(local).isEmpty();
    }

    // CloudStream knows the way to this node too, and to all others.
    @Test
    void besideCloudStreamNothingIsOffered() throws Exception {
        on(() -> module.stop());
        context.recorder().addModule(ModuleNames.CLOUD_STREAM);

        on(() -> module.start(context, Handover.NONE));

        assertThat(local).isEmpty();
    }
}
