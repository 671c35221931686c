package io.skep.kube.rest.internal.protobuf;

/** The bytes are no message we can read; the message says why. */
public final class MalformedProtobufException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedProtobufException(String message) {
        super(message);
    }
}
