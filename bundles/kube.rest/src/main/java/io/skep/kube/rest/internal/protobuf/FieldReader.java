package io.skep.kube.rest.internal.protobuf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Goes through the fields of one protobuf message. */
final class FieldReader {

    private static final int TYPE_MASK = 7;
    private static final int TYPE_BITS = 3;
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;
    private static final int LONGEST = 64;
    private static final byte[] NONE = {};

    private final byte[] message;
    private int position;
    private int field;
    private long number;
    private byte[] bytes = NONE;

    FieldReader(byte[] message) {
        this.message = message;
    }

    /** Steps to the next field; false at the end. */
    boolean next() {
        if (position == message.length) {
            return false;
        }
        int tag = (int) varint();
        field = tag >>> TYPE_BITS;
        number = 0;
        bytes = NONE;
        switch (tag & TYPE_MASK) {
            case VARINT -> number = varint();
            case BYTES -> bytes = take(varint());
            case FIXED_64 ->
                number = ByteBuffer.wrap(take(Long.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getLong();
            case FIXED_32 ->
                number = ByteBuffer.wrap(take(Integer.BYTES))
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt();
            default -> throw new MalformedProtobufException("field " + field + " has an unknown wire type");
        }
        return true;
    }

    int field() {
        return field;
    }

    /** Value of a field that is a number. */
    long number() {
        return number;
    }

    /** Value of a length-delimited field. */
    byte[] bytes() {
        return bytes;
    }

    /** Whether the value is zero or without content. */
    boolean isDefault() {
        return number == 0 && bytes.length == 0;
    }

    private byte[] take(long length) {
        if (length < 0 || length > message.length - position) {
            throw new MalformedProtobufException("field " + field + " is longer than its message");
        }
        byte[] taken = Arrays.copyOfRange(message, position, position + (int) length);
        position += (int) length;
        return taken;
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < LONGEST; shift += 7) {
            if (position == message.length) {
                throw new MalformedProtobufException("the message ends within a number");
            }
            byte next = message[position++];
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedProtobufException("a number is too long");
    }
}
