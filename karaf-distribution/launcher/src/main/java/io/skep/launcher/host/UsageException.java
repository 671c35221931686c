package io.skep.launcher.host;

/** The command was not written as it must be; ends it with exit code 2. */
public final class UsageException extends LauncherException {

    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
