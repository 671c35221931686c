package io.skep.kube.rest.internal.protobuf;

/** A message that isn't in our table: to be sent as JSON. */
public final class UnknownMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownMessageException(String what) {
        super(what);
    }
}
