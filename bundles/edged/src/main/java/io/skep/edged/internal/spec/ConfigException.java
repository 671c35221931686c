package io.skep.edged.internal.spec;

/** A pod's configuration can't be used as it is; it waits until that changes. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }

    public ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
