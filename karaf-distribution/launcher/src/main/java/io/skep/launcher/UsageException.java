package io.skep.launcher;

/** The command was not written as it must be; ends it with exit code 2. */
final class UsageException extends LauncherException {

    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
