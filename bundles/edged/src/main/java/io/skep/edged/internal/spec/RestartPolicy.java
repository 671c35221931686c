package io.skep.edged.internal.spec;

/** When an ended container is started again. */
public enum RestartPolicy {
    ALWAYS,
    ON_FAILURE,
    NEVER;

    /** Kubernetes' word; anything unknown is its default, {@code Always}. */
    static RestartPolicy of(String word) {
        return switch (word) {
            case "OnFailure" -> ON_FAILURE;
            case "Never" -> NEVER;
            default -> ALWAYS;
        };
    }

    /** Whether a container that ended with this code runs again. */
    public boolean restarts(int exitCode) {
        return switch (this) {
            case ALWAYS -> true;
            case ON_FAILURE -> exitCode != 0;
            case NEVER -> false;
        };
    }
}
