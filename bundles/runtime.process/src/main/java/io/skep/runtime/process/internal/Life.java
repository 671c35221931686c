package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerStatus.State;
import java.time.Instant;
import java.util.Optional;

/**
 * Where a container is in its life.
 *
 * @param exitCode valid once exited
 */
record Life(
        State state,
        Optional<Instant> started,
        Optional<Instant> finished,
        int exitCode,
        String reason,
        String message) {

    /** Exit code for an end nobody saw, as kubelet has it. */
    static final int UNKNOWN_EXIT = 137;

    /** Exit code of a container whose command never ran, as containerd has it. */
    static final int START_ERROR_EXIT = 128;

    static final Life CREATED = new Life(State.CREATED, Optional.empty(), Optional.empty(), 0, "", "");

    static Life running(Instant started) {
        return new Life(State.RUNNING, Optional.of(started), Optional.empty(), 0, "", "");
    }

    static Life ended(Optional<Instant> started, Instant finished, int exitCode, String reason, String message) {
        return new Life(State.EXITED, started, Optional.of(finished), exitCode, reason, message);
    }

    /** Its end with an exit code. */
    Life exit(Instant at, int code, boolean outOfMemory) {
        String reason = outOfMemory ? "OOMKilled" : code == 0 ? "Completed" : "Error";
        return ended(started, at, code, reason, "");
    }

    /** Its end while nobody looked and without a trace. */
    Life vanish(Instant at, String message) {
        return ended(started, at, UNKNOWN_EXIT, "ContainerStatusUnknown", message);
    }

    /** Its end before it began. */
    static Life startError(Instant at, String message) {
        return ended(Optional.empty(), at, START_ERROR_EXIT, "StartError", message);
    }
}
