package io.skep.transport.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.message.Message;
import io.skep.transport.Link;
import io.skep.transport.MessageCodec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link's wire as one WebSocket session, either end. */
final class WebSocketWire implements WebSocketSession.User, Wire {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketWire.class);

    private static final int MAX_SHOWN = 200;

    private final WebSocketSession session;
    private final Function<Wire, LiveLink> opening;
    private volatile LiveLink link;

    /** @param opening makes the link once the session is there */
    WebSocketWire(JettyRuntime runtime, Function<Wire, LiveLink> opening) {
        this.session = new WebSocketSession(runtime, Link.MAX_MESSAGE_BYTES, this);
        this.opening = opening;
    }

    /** For Jetty. */
    FrameHandler session() {
        return session;
    }

    /** The link, once the session is open. */
    LiveLink link() {
        return link;
    }

    @Override
    public void opened(WebSocketSession opened) {
        link = opening.apply(this);
        link.begin();
    }

    @Override
    public void heard() {
        link.alive();
    }

    @Override
    public void received(byte[] bytes) {
        Message message;
        try {
            message = MessageCodec.decode(text(bytes));
        } catch (EdgeException | CharacterCodingException e) {
            String reason = e instanceof EdgeException ? cut(e) : "not UTF-8";
            LOG.warn(
                    "message not understood, closing: link={} remote={} reason={}",
                    link.key(),
                    link.peer().remote(),
                    reason);
            link.reject(reason);
            return;
        }
        link.arrived(message, bytes.length);
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static String cut(Exception e) {
        String text = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}+", " ");
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN);
    }

    @Override
    public void closed(String reason) {
        if (link != null) {
            link.lost(reason);
        }
    }

    @Override
    public void write(String text, Consumer<Throwable> done) {
        session.send(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), done);
    }

    @Override
    public void demand() {
        session.demand();
    }

    @Override
    public void probe() {
        session.ping("");
    }

    @Override
    public void close(boolean peersFault, String reason) {
        session.close(peersFault ? CloseStatus.BAD_PAYLOAD : CloseStatus.NORMAL, reason);
    }

    @Override
    public void abort() {
        session.abort();
    }
}
