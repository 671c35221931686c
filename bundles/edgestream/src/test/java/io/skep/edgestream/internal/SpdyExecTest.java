package io.skep.edgestream.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.skep.runtime.api.Eventually;
import io.skep.runtime.api.ExecRequest;
import io.skep.runtime.api.FakeSession;
import io.skep.transport.tunnel.TunnelFrame;
import io.skep.transport.tunnel.TunnelFrame.Type;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class SpdyExecTest extends ExecFixture {

    private String spdy(String query, String... types) throws InterruptedException {
        client = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
        String head = exec("default/web/app", query, SPDY);
        for (int i = 0; i < types.length; i++) {
            DefaultSpdySynStreamFrame open = new DefaultSpdySynStreamFrame(1 + 2 * i, 0, (byte) 0);
            open.headers().set("streamtype", types[i]);
            say(open);
        }
        return head;
    }

    /** What came on SPDY stream {@code wanted} until all is over. */
    private Map<Integer, String> rest() throws InterruptedException {
        Map<Integer, String> all = new java.util.TreeMap<>();
        for (Object frame = hear(); frame != null; frame = hear()) {
            if (frame instanceof SpdyDataFrame data) {
                all.merge(data.streamId(), data.content().toString(StandardCharsets.UTF_8), String::concat);
            }
        }
        return all;
    }

    @Test
    void spdyClientGetsOutputAndExitCode() throws Exception {
        says(3, "out\n", "err\n");

        String head = spdy(ALL, "error", "stdin", "stdout", "stderr");

        assertThat(head)
                .startsWith("HTTP/1.1 101 Switching Protocols\r\n")
                .containsIgnoringCase("upgrade: SPDY/3.1\r\n")
                .containsIgnoringCase("x-stream-protocol-version: v4.channel.k8s.io\r\n");
        Map<Integer, String> all = rest();
        assertThat(all).containsEntry(5, "out\n").containsEntry(7, "err\n");
        assertThat(all.get(1))
                .contains("\"status\":\"Failure\"")
                .contains("\"reason\":\"NonZeroExitCode\"")
                .contains("\"reason\":\"ExitCode\"")
                .contains("\"message\":\"3\"");
        assertThat(asked.get()).isEqualTo(new ExecRequest(List.of("sh", "-c", "a b"), true, true, true, false));
        Eventually.holds("nothing is left", () -> figure("skep_tunnel_streams") == 0);
    }

    /** Go's spdystream reads a header block from each reply; Netty writes none where there is no header. */
    @Test
    void eachReplyToAnOpenedStreamHasAHeaderBlock() throws Exception {
        runs(FakeSession.cat());

        spdy(ALL, "error", "stdin", "stdout", "stderr");

        for (int i = 0; i < 4; i++) {
            assertThat(hear())
                    .isInstanceOfSatisfying(
                            SpdySynReplyFrame.class,
                            reply -> assertThat(reply.headers().isEmpty()).isFalse());
        }
    }

    @Test
    void spdyClientSpeaksToTheCommandUntilItClosesItsInput() throws Exception {
        FakeSession cat = FakeSession.cat();
        runs(cat);
        spdy(ALL, "error", "stdin", "stdout", "stderr");
        String big = "x".repeat(300_000);

        say(new DefaultSpdyPingFrame(1));
        say(new DefaultSpdyDataFrame(3, Unpooled.copiedBuffer(big, StandardCharsets.UTF_8)));
        DefaultSpdyDataFrame last = new DefaultSpdyDataFrame(3);
        last.setLast(true);
        say(last);

        StringBuilder out = new StringBuilder();
        boolean pinged = false;
        String status = "";
        for (Object frame = hear(); frame != null; frame = hear()) {
            pinged |= frame instanceof SpdyPingFrame;
            if (frame instanceof SpdyDataFrame data && data.streamId() == 5) {
                out.append(data.content().toString(StandardCharsets.UTF_8));
            } else if (frame instanceof SpdyDataFrame data && data.streamId() == 1) {
                status += data.content().toString(StandardCharsets.UTF_8);
            }
        }
        assertThat(pinged).isTrue();
        assertThat(out.toString()).isEqualTo(big);
        assertThat(status).isEqualTo("{\"metadata\":{},\"status\":\"Success\"}");
    }

    @Test
    void terminalIsResizedAndHasNoStderr() throws Exception {
        FakeSession shell = FakeSession.cat();
        runs(shell);
        spdy(ALL + "&tty=1", "error", "stdin", "stdout", "resize");

        say(new DefaultSpdyDataFrame(
                7, Unpooled.copiedBuffer("{\"Width\":120,\"Height\":40}\n", StandardCharsets.UTF_8)));

        Eventually.holds("it is resized", () -> shell.sizes().equals(List.of("120x40")));
        assertThat(asked.get().tty()).isTrue();
        assertThat(asked.get().stderr()).isFalse();
    }

    @Test
    void abortedCallKillsTheCommand() throws Exception {
        FakeSession endless = FakeSession.endless();
        runs(endless);
        spdy(ALL, "error", "stdin", "stdout", "stderr");

        cloud.send(TunnelFrame.remove(id));

        Eventually.holds("it is killed", endless::over);
        Eventually.holds("its threads rest", SpdyExecTest::noThreadIsInACommand);
        Eventually.holds("no stream is left", () -> figure("skep_tunnel_streams") == 0);
    }

    // CloudCore says that its client is gone without a pause, for good, until it hears so from the node.
    @Test
    void cloudHearsOnceThatTheCallItAbortedHasEnded() throws Exception {
        runs(FakeSession.cat());
        spdy(ALL, "error", "stdin", "stdout", "stderr");

        for (int i = 0; i < 3; i++) {
            cloud.send(TunnelFrame.remove(id));
        }

        TunnelFrame.Type last = Type.DATA;
        while (last == Type.DATA) {
            last = cloud.next(id).type();
        }
        assertThat(last).isEqualTo(Type.REMOVE);
        cloud.all(cloud.askLogs("default/web/none", ""));
        assertThat(cloud.quiet(id)).isTrue();
    }

    private static boolean noThreadIsInACommand() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(e -> e.getKey().getName().startsWith("edge-exec-"))
                .allMatch(e -> List.of(e.getValue()).stream()
                        .noneMatch(f -> f.getClassName().startsWith("io.skep")));
    }

    @Test
    void moduleThatStopsKillsTheCommand() throws Exception {
        FakeSession endless = FakeSession.endless();
        runs(endless);
        spdy(ALL, "error", "stdin", "stdout", "stderr");

        on(() -> module.stop());

        Eventually.holds("it is killed", endless::over);
    }
}
