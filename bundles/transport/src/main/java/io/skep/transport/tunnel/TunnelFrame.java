package io.skep.transport.tunnel;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One message of the tunnel: {@code uvarint(id) uvarint(type) data}. On the wire it is a WebSocket message of the opcode for
 * text although its bytes are no UTF-8: KubeEdge's cloud refuses any other.
 *
 * <p>Source: KubeEdge v1.22 {@code pkg/stream/message.go}.
 *
 * @param id the stream within the tunnel, counted by the cloud from 1; 0 is the tunnel itself
 * @param type what it says
 * @param data what goes with it, handed over
 */
public record TunnelFrame(long id, Type type, byte[] data) {

    /** KubeEdge cuts longer data; so do we, for a peer that is not us. */
    public static final int MAX_DATA_BYTES = 1 << 20;

    private static final int MAX_VARINT_BYTES = 10;

    /** What a frame says; the order is the number on the wire. */
    public enum Type {
        /** A request for a container's log, as JSON. */
        LOGS,
        /** A request to run a command, as JSON. */
        EXEC,
        /** A request for the node's figures, as JSON. */
        METRICS,
        /** Bytes of a stream. */
        DATA,
        /** The end of a stream. */
        REMOVE,
        /** The end of the tunnel, with the reason as text. */
        CLOSE,
        /** A request to attach to a running container, as JSON. */
        ATTACH
    }

    public TunnelFrame {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(data, "data");
    }

    /** Bytes of stream {@code id}. */
    public static TunnelFrame data(long id, byte[] data) {
        return new TunnelFrame(id, Type.DATA, data);
    }

    /** The end of stream {@code id}. */
    public static TunnelFrame remove(long id) {
        return new TunnelFrame(id, Type.REMOVE, new byte[0]);
    }

    /** The end of the tunnel. */
    public static TunnelFrame close(String reason) {
        return new TunnelFrame(0, Type.CLOSE, reason.getBytes(StandardCharsets.UTF_8));
    }

    /** The data as UTF-8. */
    public String text() {
        return new String(data, StandardCharsets.UTF_8);
    }

    /** The bytes on the wire. */
    public ByteBuffer encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 4);
        write(out, id);
        write(out, type.ordinal());
        out.writeBytes(data);
        return ByteBuffer.wrap(out.toByteArray());
    }

    /**
     * Reads one message; data beyond {@link #MAX_DATA_BYTES} is cut.
     *
     * @throws EdgeException {@code INVALID} when it is none
     */
    public static TunnelFrame decode(ByteBuffer message) {
        ByteBuffer in = message.slice();
        long id = read(in);
        long number = read(in);
        if (number < 0 || number >= Type.values().length) {
            throw new EdgeException(Reason.INVALID, "tunnel message of unknown type " + Long.toUnsignedString(number));
        }
        byte[] data = new byte[Math.min(in.remaining(), MAX_DATA_BYTES)];
        in.get(data);
        return new TunnelFrame(id, Type.values()[(int) number], data);
    }

    private static void write(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long read(ByteBuffer in) {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES && in.hasRemaining(); i++) {
            byte next = in.get();
            boolean last = next >= 0;
            // The tenth byte has room for one bit only.
            if (i == MAX_VARINT_BYTES - 1 && next != 1) {
                break;
            }
            value |= (next & 0x7FL) << 7 * i;
            if (last) {
                return value;
            }
        }
        throw new EdgeException(Reason.INVALID, "tunnel message that begins with no number");
    }
}
