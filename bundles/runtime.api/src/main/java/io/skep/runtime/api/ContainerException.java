package io.skep.runtime.api;

import java.util.Objects;

/** A runtime could not do what it was asked. Failing is part of the job, so it is checked. */
public final class ContainerException extends Exception {

    private static final long serialVersionUID = 1L;

    /** What kind of failure, for the host to decide. */
    public enum Code {
        /** No such sandbox, container or image. */
        NOT_FOUND,
        /** The configuration can't be run here; trying again is no use until it changes. */
        INVALID,
        /** The image can't be had. */
        IMAGE_UNAVAILABLE,
        /** The command can't be started: not there, not executable. */
        START_FAILED,
        /** It took longer than allowed. */
        TIMEOUT,
        /** The runtime itself is away; trying again later may help. */
        UNAVAILABLE,
        /** Anything else. */
        FAILED
    }

    private final Code code;

    public ContainerException(Code code, String message) {
        super(message);
        this.code = Objects.requireNonNull(code, "code");
    }

    public ContainerException(Code code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** What kind of failure. */
    public Code code() {
        return code;
    }
}
