package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.runtime.api.ContainerStatus;
import java.time.Duration;
import java.time.Instant;

/** One step the planner wants taken. {@link #key} names it: a step under way is not planned a second time. */
sealed interface Action {

    String key();

    /** Whether this is the key of a container's way into life: its image, its start. */
    static boolean begins(String key) {
        return key.startsWith("pull/") || key.startsWith("container/");
    }

    /** Make the pod's volumes. */
    record MountVolumes() implements Action {
        @Override
        public String key() {
            return "volumes";
        }
    }

    /** Give the pod a sandbox. */
    record RunSandbox(int attempt) implements Action {
        @Override
        public String key() {
            return "sandbox";
        }
    }

    /** Stop all that is left in a sandbox. */
    record StopSandbox(String sandboxId) implements Action {
        @Override
        public String key() {
            return "stop-sandbox/" + sandboxId;
        }
    }

    /** Have the image at hand. */
    record PullImage(ContainerSpec container) implements Action {
        @Override
        public String key() {
            return "pull/" + container.name();
        }
    }

    /** Make and start one instance. */
    record StartContainer(ContainerSpec container, int attempt, Duration nextBackoff) implements Action {
        @Override
        public String key() {
            return "container/" + container.name();
        }
    }

    /** What becomes of a container that is stopped. */
    enum Stop {
        /** It ends with its pod, which ends its containers in order. */
        WITH_POD,
        /** It starts anew, whatever the pod's restart policy makes of its exit code. */
        TO_RESTART,
        /** The restart policy decides. */
        ALONE
    }

    /** End one instance: its preStop action, a polite signal, then a kill. */
    record StopContainer(ContainerStatus container, Duration grace, Stop kind, String message) implements Action {
        @Override
        public String key() {
            return (grace.isZero() ? "kill/" : "stop/") + container.id();
        }

        /** The same with what is left of its grace. */
        StopContainer until(Instant deadline, Instant now) {
            Duration left = Duration.between(now, deadline);
            return new StopContainer(container, left.isNegative() ? Duration.ZERO : left, kind, message);
        }
    }

    /** A stop under way has less time than it was given. */
    record HurryStop(ContainerStatus container, Duration grace) implements Action {
        @Override
        public String key() {
            return "hurry/" + container.id();
        }
    }

    /** The pod as a whole has failed. */
    record FailPod(String reason, String message) implements Action {
        @Override
        public String key() {
            return "fail";
        }
    }

    /** Its init containers are done in this sandbox. */
    record MarkInitialized() implements Action {
        @Override
        public String key() {
            return "initialized";
        }
    }

    /** Nothing of it runs any more, and the cloud wants it gone: ask the cloud to drop the object. */
    record ConfirmDeletion() implements Action {
        @Override
        public String key() {
            return "confirm";
        }
    }

    /** Take everything of it off the node. */
    record Erase() implements Action {
        @Override
        public String key() {
            return "erase";
        }
    }
}
