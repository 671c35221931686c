package io.skep.edgestream.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Speaks one of the protocols of kubelet's streaming server with the client: bytes in, bytes out, no socket. Netty frames
 * them in memory. One thread at a time; what there is to send after a call is in {@link #toSend}.
 */
abstract class ClientWire {

    /** What the client says. */
    interface Client {

        /** All streams are there. */
        void ready();

        void input(byte[] bytes);

        void inputEnded();

        void resized(int columns, int rows);

        /** The client is through with us. */
        void gone();
    }

    /** The command's streams to the client. */
    enum Stream {
        STDOUT,
        STDERR
    }

    private static final JsonMapper MAPPER = new JsonMapper();

    final EmbeddedChannel channel = new EmbeddedChannel(new HttpServerCodec());
    final Client client;

    ClientWire(Client client) {
        this.client = client;
        // No pool that would outlive the command.
        channel.config().setAllocator(new UnpooledByteBufAllocator(false));
    }

    /** Answers the upgrade. */
    abstract void open();

    /** Takes what the client sent. */
    final void received(byte[] bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        for (Object frame = channel.readInbound(); frame != null; frame = channel.readInbound()) {
            take(frame);
        }
    }

    /** Takes one frame, which is the taker's to release. */
    abstract void take(Object frame);

    abstract void output(Stream stream, byte[] bytes);

    abstract void outputEnded(Stream stream);

    /** The last word. */
    abstract void exited(ExitStatus status);

    /** The bytes there are to send now. */
    final byte[] toSend() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            ByteBuf part = (ByteBuf) next;
            bytes.writeBytes(ByteBufUtil.getBytes(part));
            part.release();
        }
        return bytes.toByteArray();
    }

    /** Gives buffers back. */
    final void close() {
        channel.finishAndReleaseAll();
    }

    /** {@code {"Width":80,"Height":24}}, a line each; what can't be read is passed over, as kubelet does. */
    final void resize(byte[] json) {
        for (String line : new String(json, StandardCharsets.UTF_8).split("\n")) {
            try {
                JsonNode size = MAPPER.readTree(line);
                int columns = size == null ? 0 : size.path("Width").asInt();
                int rows = size == null ? 0 : size.path("Height").asInt();
                if (columns > 0 && columns <= 0xFFFF && rows > 0 && rows <= 0xFFFF) {
                    client.resized(columns, rows);
                }
            } catch (JsonProcessingException e) {
                return;
            }
        }
    }
}
