package io.skep.edgestream.internal;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import io.skep.runtime.api.ExecRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code SPDY/3.1} with {@code v4.channel.k8s.io} and its elders: a SPDY stream, opened by the client, for each of error,
 * stdin, stdout, stderr and resize. No flow control: Go's spdystream has none, and would never open a window.
 *
 * <p>Source: Kubernetes v1.32 {@code k8s.io/kubelet/pkg/cri/streaming/remotecommand/httpstream.go}.
 */
final class SpdyWire extends ClientWire {

    private static final String UPGRADE = "SPDY/3.1";
    private static final String TYPE = "streamtype";

    /** Best first. */
    private static final List<String> PROTOCOLS =
            List.of("v4.channel.k8s.io", "v3.channel.k8s.io", "v2.channel.k8s.io");

    private final String protocol;
    private final Set<String> awaited = new HashSet<>();
    private final Map<Integer, String> types = new HashMap<>();
    private final Map<String, Integer> streams = new HashMap<>();

    SpdyWire(String protocol, ExecRequest request, Client client) {
        super(client);
        this.protocol = protocol;
        awaited.add("error");
        if (request.stdin()) {
            awaited.add("stdin");
        }
        if (request.stdout()) {
            awaited.add("stdout");
        }
        if (request.stderr()) {
            awaited.add("stderr");
        }
        if (request.tty() && !protocol.startsWith("v2")) {
            awaited.add("resize");
        }
    }

    /** Whether the client asks for this. */
    static boolean wanted(String upgrade) {
        return upgrade.equalsIgnoreCase(UPGRADE);
    }

    /** The best protocol known to both. */
    static Optional<String> protocol(List<String> offered) {
        return PROTOCOLS.stream().filter(offered::contains).findFirst();
    }

    @Override
    void open() {
        FullHttpResponse answer =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.SWITCHING_PROTOCOLS);
        answer.headers()
                .set(HttpHeaderNames.CONNECTION, "Upgrade")
                .set(HttpHeaderNames.UPGRADE, UPGRADE)
                .set("X-Stream-Protocol-Version", protocol);
        channel.writeOutbound(answer);
        channel.pipeline().addLast(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
        channel.pipeline().remove(HttpServerCodec.class);
    }

    @Override
    void take(Object frame) {
        try {
            if (frame instanceof SpdySynStreamFrame opened) {
                opened(opened);
            } else if (frame instanceof SpdyDataFrame data) {
                data(data);
            } else if (frame instanceof SpdyRstStreamFrame reset) {
                inputEnded(reset.streamId());
            } else if (frame instanceof SpdyPingFrame ping && ping.id() % 2 != 0) {
                channel.writeOutbound(new DefaultSpdyPingFrame(ping.id()));
            } else if (frame instanceof SpdyGoAwayFrame) {
                client.gone();
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void opened(SpdySynStreamFrame opened) {
        String type = Optional.ofNullable(opened.headers().getAsString(TYPE)).orElse("");
        DefaultSpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(opened.streamId());
        // Without a header Netty sends no header block, and Go's spdystream waits for one for ever.
        reply.headers().set(TYPE, type);
        channel.writeOutbound(reply);
        types.put(opened.streamId(), type);
        streams.putIfAbsent(type, opened.streamId());
        if (awaited.remove(type) && awaited.isEmpty()) {
            client.ready();
        }
        if (opened.isLast()) {
            inputEnded(opened.streamId());
        }
    }

    private void data(SpdyDataFrame data) {
        byte[] bytes = ByteBufUtil.getBytes(data.content());
        switch (types.getOrDefault(data.streamId(), "")) {
            case "stdin" -> client.input(bytes);
            case "resize" -> resize(bytes);
            default -> {} // nothing is expected there
        }
        if (data.isLast()) {
            inputEnded(data.streamId());
        }
    }

    private void inputEnded(int stream) {
        if (types.getOrDefault(stream, "").equals("stdin")) {
            client.inputEnded();
        }
    }

    @Override
    void output(Stream stream, byte[] bytes) {
        write(type(stream), bytes, false);
    }

    @Override
    void outputEnded(Stream stream) {
        write(type(stream), new byte[0], true);
    }

    private static String type(Stream stream) {
        return stream == Stream.STDOUT ? "stdout" : "stderr";
    }

    private void write(String type, byte[] bytes, boolean last) {
        Integer stream = streams.get(type);
        if (stream != null) {
            DefaultSpdyDataFrame frame = new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(bytes));
            frame.setLast(last);
            channel.writeOutbound(frame);
        }
    }

    @Override
    void exited(ExitStatus status) {
        String said = protocol.startsWith("v4") ? status.json() : status.message();
        write("error", said.getBytes(StandardCharsets.UTF_8), true);
    }
}
