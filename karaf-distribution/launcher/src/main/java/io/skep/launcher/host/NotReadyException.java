package io.skep.launcher.host;

/** The instance runs, but is not ready in time; it goes on by itself. */
public final class NotReadyException extends LauncherException {

    private static final long serialVersionUID = 1L;

    /** {@code EX_TEMPFAIL} of {@code sysexits.h}; the systemd unit takes it for a start that went well. */
    public static final int EXIT_CODE = 75;

    public NotReadyException(String message) {
        super(message);
    }
}
