package io.skep.launcher.host;

/** Something could not be done; the message is the one line a person reads: what, why, how to mend it. */
public class LauncherException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LauncherException(String message) {
        super(message);
    }

    public LauncherException(String message, Throwable cause) {
        super(message, cause);
    }
}
