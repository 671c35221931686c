package io.skep.kube.rest.internal.schema;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One protobuf message while it is written: the two wire types an OpenAPI document needs. */
final class ProtoMessage {

    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int TYPE_BITS = 3;
    private static final int SEVEN_BITS = 0x7f;
    private static final int MORE = 0x80;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    ProtoMessage text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    ProtoMessage message(int field, ProtoMessage value) {
        return bytes(field, value.bytes());
    }

    ProtoMessage flag(int field, boolean value) {
        varint(field << TYPE_BITS | VARINT);
        varint(value ? 1 : 0);
        return this;
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    private ProtoMessage bytes(int field, byte[] value) {
        varint(field << TYPE_BITS | BYTES);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    private void varint(int value) {
        int rest = value;
        while ((rest & ~SEVEN_BITS) != 0) {
            out.write(rest & SEVEN_BITS | MORE);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
