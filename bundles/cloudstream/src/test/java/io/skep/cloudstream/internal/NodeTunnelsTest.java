package io.skep.cloudstream.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skep.cloudstream.internal.CloudStreamSettings.Limits;
import io.skep.cloudstream.internal.StreamCounters.Event;
import io.skep.core.api.module.FakeModuleContext;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.stream.KubeletRequest;
import io.skep.kube.api.stream.PodStream;
import io.skep.transport.LinkPeer;
import io.skep.transport.tunnel.StreamRequest;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import io.skep.transport.tunnel.TunnelListener;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class NodeTunnelsTest {

    private static final Duration STALL = Duration.ofSeconds(10);
    private static final KubeletRequest LOG = new KubeletRequest(
            "GET", "/containerLogs/default/web/app", "follow=true", Map.of("User-Agent", List.of("kubectl")));

    private final FakeModuleContext context = new FakeModuleContext("cloudStream");
    private final StreamCounters counters = new StreamCounters();
    private final NodeTunnels tunnels = new NodeTunnels(
            context,
            new CloudStreamSettings(
                    "127.0.0.1",
                    10004,
                    new Limits(10, 2, 3, 10, STALL),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30)),
            counters);
    private final FakeTunnel tunnel = new FakeTunnel();
    private final TunnelListener node = connect("edge-1", tunnel);
    private final Caller caller = new Caller();

    private TunnelListener connect(String name, FakeTunnel through) {
        LinkPeer peer = new LinkPeer(
                new InetSocketAddress("127.0.0.1", 1),
                NodeTunnels.PATH,
                Map.of(NodeTunnels.NODE_HEADER, List.of(name)),
                List.of());
        return tunnels.opened(peer, through);
    }

    private PodStream logs(Caller listener) {
        return tunnels.open("edge-1", Type.LOGS, LOG, listener);
    }

    private static TunnelFrame data(long id, String text) {
        return TunnelFrame.data(id, text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void streamBeginsWithWhatKubeletIsAsked() {
        logs(caller);
        tunnels.open(
                "edge-1", Type.EXEC, new KubeletRequest("POST", "/exec/default/web/app", "input=1", Map.of()), caller);

        StreamRequest log = StreamRequest.decode(tunnel.sent.get(0).data());
        StreamRequest exec = StreamRequest.decode(tunnel.sent.get(1).data());
        assertThat(tunnel.sent).extracting(TunnelFrame::type).containsExactly(Type.LOGS, Type.EXEC);
        assertThat(log).isEqualTo(new StreamRequest(1, "127.0.0.1:10350", LOG.path(), LOG.query(), LOG.headers(), ""));
        assertThat(exec.id()).isEqualTo(2);
        assertThat(exec.method()).isEqualTo("POST");
    }

    @Test
    void bytesComeInOrderAndTheEndAfterThem() {
        CompletableFuture<Void> pace = caller.slow();
        logs(caller);

        node.received(data(1, "a"));
        node.received(data(1, "b"));
        node.received(TunnelFrame.remove(1));
        assertThat(caller.text()).isEqualTo("a");
        assertThat(caller.end).isNotDone();
        pace.complete(null);

        assertThat(caller.text()).isEqualTo("ab");
        assertThat(caller.end).isCompletedWithValueMatching(failure -> failure.isEmpty());
        assertThat(tunnel.sent).hasSize(1);
        assertThat(counters.streams()).isZero();
    }

    @Test
    void slowCallerHoldsTheNodeBackOnlyWhenHisRoomIsUsedUp() {
        CompletableFuture<Void> pace = caller.slow();
        logs(caller);

        CompletionStage<Void> within = node.received(data(1, "0123456789"));
        CompletionStage<Void> beyond = node.received(data(1, "0"));
        assertThat(within.toCompletableFuture()).isDone();
        assertThat(beyond.toCompletableFuture()).isNotDone();
        pace.complete(null);

        assertThat(beyond.toCompletableFuture()).isDone();
        context.advance(STALL);
        assertThat(caller.end).isNotDone();
    }

    @Test
    void callerWhoReadsNothingIsCutForTheSakeOfTheOthers() {
        caller.slow();
        logs(caller);
        CompletionStage<Void> held = node.received(data(1, "more than there is room for"));

        context.advance(STALL);

        assertThat(held.toCompletableFuture()).isDone();
        assertThat(caller.end)
                .isCompletedWithValueMatching(failure -> failure.orElseThrow().code() == 504);
        assertThat(tunnel.last()).usingRecursiveComparison().isEqualTo(TunnelFrame.remove(1));
        assertThat(counters.streams()).isZero();
        assertThat(counters.value(Event.STALLED)).isEqualTo(1);
    }

    @Test
    void callerWhoLeavesLeavesNothingBehind() {
        PodStream stream = logs(caller);

        stream.close();
        stream.close();
        CompletionStage<Void> late = node.received(data(1, "under way"));

        assertThat(late.toCompletableFuture()).isDone();
        assertThat(caller.text()).isEmpty();
        assertThat(caller.end).isNotDone();
        assertThat(tunnel.sent).hasSize(2);
        assertThat(tunnel.last()).usingRecursiveComparison().isEqualTo(TunnelFrame.remove(1));
        assertThat(counters.streams()).isZero();
    }

    @Test
    void callerWhoLeavesWhileTheNodeIsHeldBackLetsItGoOn() {
        caller.slow();
        PodStream stream = logs(caller);
        CompletionStage<Void> held = node.received(data(1, "more than there is room for"));

        stream.close();

        assertThat(held.toCompletableFuture()).isDone();
    }

    @Test
    void lostTunnelEndsItsStreamsWithTheReason() {
        logs(caller);
        node.received(data(1, "a"));

        node.closed("connection lost");

        assertThat(caller.text()).isEqualTo("a");
        assertThat(caller.end)
                .isCompletedWithValueMatching(failure -> failure.orElseThrow()
                        .message()
                        .equals("the stream tunnel of node \"edge-1\" was lost: connection lost"));
        assertThat(counters.streams()).isZero();
        assertRefused("edge-1", 503, "has no stream tunnel");
    }

    @Test
    void tunnelThatTakesNothingBreaksTheStreamAtOnce() {
        tunnel.broken = true;

        logs(caller);

        assertThat(caller.end)
                .isCompletedWithValueMatching(failure -> failure.orElseThrow().code() == 503);
        assertThat(counters.streams()).isZero();
    }

    @Test
    void newerTunnelOfANodeWins() {
        logs(caller);
        FakeTunnel newer = new FakeTunnel();
        connect("edge-1", newer);
        node.closed("closed by us");

        logs(new Caller());

        assertThat(tunnel.closed).contains("a newer tunnel of this node took its place");
        assertThat(caller.end).isDone();
        assertThat(newer.sent).hasSize(1);
    }

    @Test
    void nodeThatIsSilentForTooLongIsGone() {
        logs(caller);
        tunnel.silence = Duration.ofSeconds(30);
        tunnels.tick();
        assertThat(caller.end).isNotDone();

        tunnel.silence = Duration.ofMillis(30_001);
        tunnels.tick();

        assertThat(tunnel.closed).contains("nothing was heard for 30 s");
        assertThat(caller.end).isDone();
        assertRefused("edge-1", 503, "has no stream tunnel");
    }

    /** While it is held back its pings are not read, and it would take the cloud for gone. */
    @Test
    void nodeWithStreamsIsGivenSignsOfLife() {
        tunnels.tick();
        assertThat(tunnel.pings).isZero();
        logs(caller);

        tunnels.tick();

        assertThat(tunnel.pings).isEqualTo(1);
    }

    @Test
    void nodeWithoutATunnelIsNamedWithTheFix() {
        assertRefused("edge-9", 503, "node \"edge-9\" has no stream tunnel to this cloud");
        assertRefused("edge-9", 503, "modules.edgeStream.enable");
        assertRefused("edge-9", 503, "port 10004");
    }

    @Test
    void streamsAreBoundedByNodeAndInAll() {
        connect("edge-2", new FakeTunnel());
        PodStream first = logs(caller);
        logs(caller);
        assertRefused("edge-1", 429, "on node \"edge-1\": at most 2 (io.skep.cloudstream:node.streams)");
        tunnels.open("edge-2", Type.LOGS, LOG, caller);
        assertRefused("edge-2", 429, "in all: at most 3 (io.skep.cloudstream:stream.limit)");

        first.close();

        logs(caller);
        assertThat(counters.streams()).isEqualTo(3);
    }

    private void assertRefused(String name, int code, String text) {
        assertThatThrownBy(() -> tunnels.open(name, Type.LOGS, LOG, caller))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.status().code()).isEqualTo(code))
                .hasMessageContaining(text);
    }

    @Test
    void whatIsSentLongIsCutInPiecesKubeEdgeTakesWhole() throws Exception {
        PodStream stream = logs(caller);
        byte[] much = new byte[150_000];
        much[149_999] = 7;

        stream.send(much).toCompletableFuture().get();

        assertThat(tunnel.sent.subList(1, tunnel.sent.size()))
                .extracting(frame -> frame.data().length)
                .containsExactly(65_536, 65_536, 18_928);
        assertThat(tunnel.last().data()[18_927]).isEqualTo((byte) 7);
    }

    @Test
    void nodeThatClosesItsTunnelIsHeardAndFramesOfTheCloudAreNot() {
        node.received(new TunnelFrame(1, Type.EXEC, new byte[0]));
        assertThat(counters.value(Event.STRAY)).isEqualTo(1);

        node.received(TunnelFrame.close("enough"));

        assertThat(tunnel.closed).contains("the node closed it: enough");
    }
}
