package io.skep.edgestream.internal;

import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.util.ReferenceCountUtil;
import io.skep.runtime.api.ExecRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * WebSocket with {@code v5.channel.k8s.io} or {@code v4.channel.k8s.io}: binary messages whose first byte says the stream; in
 * version 5, 255 says that the stream named by the second byte is closed.
 *
 * <p>Source: Kubernetes v1.32 {@code k8s.io/kubelet/pkg/cri/streaming/remotecommand/websocket.go}.
 */
final class WebSocketWire extends ClientWire {

    /** Best first. */
    private static final List<String> PROTOCOLS = List.of("v5.channel.k8s.io", "v4.channel.k8s.io");

    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    private static final int STDIN = 0;
    private static final int STDOUT = 1;
    private static final int STDERR = 2;
    private static final int ERROR = 3;
    private static final int RESIZE = 4;
    private static final int CLOSE = 255;

    private final FullHttpRequest upgrade;
    private final String protocol;
    private final ExecRequest request;

    WebSocketWire(FullHttpRequest upgrade, String protocol, ExecRequest request, Client client) {
        super(client);
        this.upgrade = upgrade;
        this.protocol = protocol;
        this.request = request;
    }

    static boolean wanted(String upgrade) {
        return upgrade.equalsIgnoreCase("websocket");
    }

    /** The best protocol known to both; without one, kubectl falls back to SPDY. */
    static Optional<String> protocol(List<String> offered) {
        return PROTOCOLS.stream().filter(offered::contains).findFirst();
    }

    @Override
    void open() {
        WebSocketServerHandshaker handshaker = new WebSocketServerHandshakerFactory(
                        upgrade.uri(), protocol, false, MAX_MESSAGE_BYTES)
                .newHandshaker(upgrade);
        if (handshaker == null) {
            throw new IllegalArgumentException("no version of WebSocket that is known here");
        }
        handshaker.handshake(channel, upgrade);
        channel.pipeline().addLast(new WebSocketFrameAggregator(MAX_MESSAGE_BYTES));
        // As kubelet does: an empty message tells the client that it is connected.
        if (request.stdout()) {
            write(STDOUT, new byte[0]);
        } else if (request.stderr()) {
            write(STDERR, new byte[0]);
        } else {
            write(ERROR, new byte[0]);
        }
        client.ready();
    }

    @Override
    void take(Object frame) {
        try {
            if (frame instanceof BinaryWebSocketFrame message) {
                message(ByteBufUtil.getBytes(message.content()));
            } else if (frame instanceof PingWebSocketFrame ping) {
                channel.writeOutbound(
                        new PongWebSocketFrame(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(ping.content()))));
            } else if (frame instanceof CloseWebSocketFrame) {
                client.gone();
            } else if (!(frame instanceof WebSocketFrame)) {
                throw new IllegalArgumentException("no frame of WebSocket: " + frame);
            }
        } finally {
            ReferenceCountUtil.release(frame);
        }
    }

    private void message(byte[] message) {
        if (message.length == 0) {
            return;
        }
        byte[] rest = Arrays.copyOfRange(message, 1, message.length);
        switch (message[0] & 0xFF) {
            case STDIN -> client.input(rest);
            case RESIZE -> resize(rest);
            case CLOSE -> {
                if (rest.length > 0 && rest[0] == STDIN && protocol.startsWith("v5")) {
                    client.inputEnded();
                }
            }
            default -> {} // nothing is expected there
        }
    }

    @Override
    void output(Stream stream, byte[] bytes) {
        write(stream == Stream.STDOUT ? STDOUT : STDERR, bytes);
    }

    @Override
    void outputEnded(Stream stream) {
        // There is no word for that; all ends with the connection.
    }

    @Override
    void exited(ExitStatus status) {
        write(ERROR, status.json().getBytes(StandardCharsets.UTF_8));
        channel.writeOutbound(new CloseWebSocketFrame(WebSocketCloseStatus.NORMAL_CLOSURE));
    }

    private void write(int stream, byte[] bytes) {
        channel.writeOutbound(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(new byte[] {(byte) stream}, bytes)));
    }
}
