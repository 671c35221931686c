package io.skep.kube.rest.internal.protobuf;

/** A message or field whose number isn't in our table: to be sent as JSON, so that nothing is lost. */
public final class UnknownMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UnknownMessageException(String what) {
        super(what);
    }
}
