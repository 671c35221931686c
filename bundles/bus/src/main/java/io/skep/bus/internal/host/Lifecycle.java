package io.skep.bus.internal.host;

/** Hears of modules' moves; any thread, without blocking. */
@FunctionalInterface
public interface Lifecycle {

    /** What happened to a module; the name is the last part of the event's topic. */
    enum Move {
        STARTING,
        STARTED,
        FAILED,
        STOPPED,
        STUCK
    }

    /** {@code reason} is one sentence, or {@code ""}. */
    void moved(String module, Move move, String reason);
}
