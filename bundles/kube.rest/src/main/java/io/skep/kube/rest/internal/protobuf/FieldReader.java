package io.skep.kube.rest.internal.protobuf;

import java.util.Arrays;

/** Goes through the fields of one protobuf message. */
final class FieldReader {

    private static final int TYPE_MASK = 7;
    private static final int TYPE_BITS = 3;
    private static final int VARINT = 0;
    private static final int BYTES = 2;
    private static final int LONGEST = 64;

    private final byte[] message;
    private int position;
    private int field;
    private long number;
    private byte[] bytes = {};

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
        switch (tag & TYPE_MASK) {
            case VARINT -> number = varint();
            case BYTES -> {
                long length = varint();
                if (length < 0 || length > message.length - position) {
                    throw new MalformedProtobufException("field " + field + " is longer than its message");
                }
                bytes = Arrays.copyOfRange(message, position, position + (int) length);
                position += (int) length;
            }
            default -> throw new MalformedProtobufException("field " + field + " has an unknown wire type");
        }
        return true;
    }

    int field() {
        return field;
    }

    /** Value of a varint field. */
    long number() {
        return number;
    }

    /** Value of a length-delimited field. */
    byte[] bytes() {
        return bytes;
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
