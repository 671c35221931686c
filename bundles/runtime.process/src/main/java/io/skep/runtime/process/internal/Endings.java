package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerStatus.Life;
import java.time.Instant;
import java.util.Optional;

/** The ways in which a container ends, in the words of kubelet and containerd. */
final class Endings {

    /** Exit code for an end nobody saw, as kubelet has it. */
    static final int UNKNOWN_EXIT = 137;

    /** Exit code of a container whose command never ran, as containerd has it. */
    static final int START_ERROR_EXIT = 128;

    private Endings() {}

    /** With an exit code. */
    static Life exit(Life life, Instant at, int code, boolean outOfMemory) {
        String reason = outOfMemory ? "OOMKilled" : code == 0 ? "Completed" : "Error";
        return Life.ended(life.started(), at, code, reason, "");
    }

    /** While nobody looked and without a trace. */
    static Life vanish(Life life, Instant at, String message) {
        return Life.ended(life.started(), at, UNKNOWN_EXIT, "ContainerStatusUnknown", message);
    }

    /** Before it began. */
    static Life startError(Instant at, String message) {
        return Life.ended(Optional.empty(), at, START_ERROR_EXIT, "StartError", message);
    }
}
