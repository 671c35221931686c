package io.skep.launcher;

/** Something could not be done; the message is the one line a person reads: what, why, how to mend it. */
class LauncherException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LauncherException(String message) {
        super(message);
    }

    LauncherException(String message, Throwable cause) {
        super(message, cause);
    }
}
