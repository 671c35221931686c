package io.skep.transport.internal;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * One WebSocket session, either end: a whole message in for each demand, whole messages out, pings answered. It looks at no
 * opcode of what comes, as KubeEdge doesn't, and marks all that goes as text, as KubeEdge does, even where it is none.
 *
 * <p>Threads: what comes is told on Jetty's, one at a time; the rest may be called from any.
 */
final class WebSocketSession implements FrameHandler {

    /** What is made of a session. */
    interface User {

        /** It is there. Nothing comes before a demand. */
        void opened(WebSocketSession session);

        /** The peer gave a sign of life, of whatever kind. */
        void heard();

        /** One whole message came. */
        void received(byte[] message);

        /** It is over, in one sentence; once, and only if it was opened. */
        void closed(String reason);
    }

    /** How long a peer may take to answer our goodbye. */
    static final Duration GOODBYE = Duration.ofSeconds(2);

    /** RFC 6455, section 5.5: a control frame carries 125 bytes, two of them for the code. */
    private static final int MAX_REASON_BYTES = 120;

    private final JettyRuntime runtime;
    private final int maxMessageBytes;
    private final User user;
    private ByteArrayOutputStream parts = new ByteArrayOutputStream(0);
    private volatile CoreSession session;
    private volatile Throwable failure;

    /** @param maxMessageBytes a peer that sends more in one message is told so, and the session ends */
    WebSocketSession(JettyRuntime runtime, int maxMessageBytes, User user) {
        this.runtime = runtime;
        this.maxMessageBytes = maxMessageBytes;
        this.user = user;
    }

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
        session = opened;
        // A frame is gathered whole before we see it: one that is too large ends at its first byte.
        session.setMaxFrameSize(maxMessageBytes);
        user.opened(this);
        callback.succeeded();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
        user.heard();
        switch (frame.getOpCode()) {
            case OpCode.PING ->
                session.sendFrame(
                        new Frame(OpCode.PONG, frame.getPayload()), Callback.from(callback, session::demand), false);
            case OpCode.PONG -> {
                callback.succeeded();
                session.demand();
            }
            case OpCode.CLOSE -> callback.succeeded(); // which answers it; nothing follows
            default -> part(frame, callback);
        }
    }

    private void part(Frame frame, Callback callback) {
        if (parts.size() + frame.getPayloadLength() > maxMessageBytes) {
            callback.succeeded();
            close(CloseStatus.MESSAGE_TOO_LARGE, "a message is larger than " + maxMessageBytes + " bytes");
            return;
        }
        byte[] part = new byte[frame.getPayloadLength()];
        frame.getPayload().slice().get(part);
        callback.succeeded();
        if (!frame.isFin()) {
            parts.writeBytes(part);
            session.demand();
            return;
        }
        user.received(parts.size() == 0 ? part : whole(part));
    }

    private byte[] whole(byte[] last) {
        parts.writeBytes(last);
        byte[] message = parts.toByteArray();
        // Emptied, it would keep the room of its largest message for the life of the session.
        parts = new ByteArrayOutputStream(0);
        return message;
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
        failure = cause;
        callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
        callback.succeeded();
        user.closed(explain(status));
    }

    private String explain(CloseStatus status) {
        if (status.getCode() == CloseStatus.NO_CLOSE) {
            // A peer that goes without a goodbye may leave a failure without a word.
            String why = failure == null ? null : failure.getMessage();
            return "connection lost" + (why == null ? "" : ": " + why);
        }
        String said = status.getReason();
        return "closed by the peer" + (said == null || said.isBlank() ? " (" + status.getCode() + ")" : ": " + said);
    }

    /** Asks for one more message. */
    void demand() {
        session.demand();
    }

    /** Sends one message; {@code done} gets {@code null} or the failure. */
    void send(ByteBuffer message, Consumer<Throwable> done) {
        session.sendFrame(new Frame(OpCode.TEXT, message), Callback.from(() -> done.accept(null), done), false);
    }

    /** Asks the peer for a sign of life. */
    void ping(String text) {
        session.sendFrame(
                new Frame(OpCode.PING, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))), Callback.NOOP, false);
    }

    /** Says goodbye, and does not wait long for an answer: a peer that is gone gives none. */
    void close(int code, String reason) {
        CoreSession open = session;
        if (open == null) {
            return; // there is nobody yet to say it to
        }
        open.close(code, shorten(reason), Callback.NOOP);
        runtime.after(GOODBYE, this::abort);
    }

    private static String shorten(String reason) {
        String text = reason;
        while (Utf8.length(text) > MAX_REASON_BYTES) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }

    /** Closes at once. */
    void abort() {
        session.abort();
    }
}
