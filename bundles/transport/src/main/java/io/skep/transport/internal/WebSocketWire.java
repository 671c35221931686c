package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.transport.MessageCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Configurable;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link's wire as one WebSocket session, either end. Public only because Jetty calls it through method handles. */
public final class WebSocketWire implements Session.Listener, Wire {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketWire.class);

    /** How long a peer may take to answer our goodbye. */
    static final Duration GOODBYE = Duration.ofSeconds(2);

    /** RFC 6455, section 5.5: a control frame carries 125 bytes, two of them for the code. */
    private static final int MAX_REASON_BYTES = 120;

    private static final int MAX_SHOWN = 200;

    private final JettyRuntime runtime;
    private final BiFunction<Wire, Session, LiveLink> opening;
    private volatile Session session;
    private volatile LiveLink link;
    private volatile Throwable failure;

    /** @param opening makes the link once the session is there */
    WebSocketWire(JettyRuntime runtime, BiFunction<Wire, Session, LiveLink> opening) {
        this.runtime = runtime;
        this.opening = opening;
    }

    /** What every session is set to: whole messages up to our limit, no idle timeout of its own, small buffers. */
    static void configure(Configurable sessions) {
        int limit = io.skep.transport.Link.MAX_MESSAGE_BYTES;
        sessions.setMaxTextMessageSize(limit);
        sessions.setMaxBinaryMessageSize(limit);
        sessions.setMaxFrameSize(limit);
        sessions.setIdleTimeout(Duration.ZERO);
        sessions.setInputBufferSize(4096);
        sessions.setOutputBufferSize(4096);
        sessions.setAutoFragment(false);
    }

    /** The link, once the session is open. */
    LiveLink link() {
        return link;
    }

    @Override
    public void onWebSocketOpen(Session value) {
        session = value;
        link = opening.apply(this, value);
        link.begin();
    }

    @Override
    public void onWebSocketText(String text) {
        LiveLink to = link;
        Message message;
        try {
            message = MessageCodec.decode(text);
        } catch (EdgeException e) {
            LOG.warn(
                    "message not understood, closing: link={} remote={} reason={}",
                    to.key(),
                    to.peer().remote(),
                    cut(e));
            to.reject(cut(e));
            return;
        }
        to.arrived(message, Utf8.length(text));
    }

    private static String cut(Exception e) {
        String text = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN);
    }

    /** KubeEdge looks at no opcode: a binary message is JSON text as well. */
    @Override
    public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
        String text = StandardCharsets.UTF_8.decode(payload).toString();
        callback.succeed();
        onWebSocketText(text);
    }

    @Override
    public void onWebSocketPong(ByteBuffer payload) {
        link.alive();
        session.demand();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        failure = cause;
    }

    @Override
    public void onWebSocketClose(int code, String reason, Callback callback) {
        callback.succeed();
        if (link != null) {
            link.lost(explain(code, reason));
        }
    }

    private String explain(int code, String reason) {
        boolean hasReason = reason != null && !reason.isBlank();
        if (code == StatusCode.NO_CLOSE || code == StatusCode.ABNORMAL) {
            return why("connection lost", failure);
        }
        return "closed by the peer" + (hasReason ? ": " + reason : " (" + code + ")");
    }

    /** A peer that goes without a goodbye leaves a failure without a word. */
    static String why(String what, Throwable failure) {
        return failure == null || failure.getMessage() == null ? what : what + ": " + failure.getMessage();
    }

    @Override
    public void write(String text, Consumer<Throwable> done) {
        session.sendText(text, Callback.from(() -> done.accept(null), done));
    }

    @Override
    public void demand() {
        session.demand();
    }

    @Override
    public void probe() {
        session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
    }

    @Override
    public void close(boolean peersFault, String reason) {
        int code = peersFault ? StatusCode.BAD_PAYLOAD : StatusCode.NORMAL;
        session.close(code, shorten(reason), Callback.NOOP);
        runtime.after(GOODBYE, this::abort);
    }

    static String shorten(String reason) {
        String text = reason;
        while (Utf8.length(text) > MAX_REASON_BYTES) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }

    @Override
    public void abort() {
        session.disconnect();
    }
}
