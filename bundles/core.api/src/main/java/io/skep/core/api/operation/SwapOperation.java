package io.skep.core.api.operation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * One replacement of a module, as far as it has come.
 *
 * @param id unique, and later ones sort later
 * @param kind what was asked for
 * @param module the module's name; {@code ""} for an installation whose bundle has not started yet
 * @param outcome how it ended
 * @param reason one sentence for an operator; {@code ""} when it succeeded or runs
 * @param started when it began
 * @param ended when it ended; while it runs, when its last step began
 * @param fromBundle symbolic name and version of what was there, {@code ""} for nothing
 * @param toBundle symbolic name and version of what was to come, {@code ""} for nothing
 * @param checksum SHA-256 of the file that came (bundle or archive) in hexadecimal, {@code ""} for none
 * @param pause how long the module took no message
 * @param steps what was done, in order
 */
public record SwapOperation(
        String id,
        Kind kind,
        String module,
        Outcome outcome,
        String reason,
        Instant started,
        Instant ended,
        String fromBundle,
        String toBundle,
        String checksum,
        Duration pause,
        List<Step> steps) {

    /** What is asked for. */
    public enum Kind {
        UPGRADE,
        INSTALL,
        REMOVE,
        ROLLBACK,
        /** A change of its settings, whoever made it. */
        CONFIGURE
    }

    /** How an operation ended. */
    public enum Outcome {
        /** It has not ended. */
        RUNNING,
        /** What was asked for is at work. */
        SUCCEEDED,
        /** The new bundle failed, what was there before is back. */
        ROLLED_BACK,
        /** It was not begun; nothing was stopped. */
        REFUSED,
        /** The process, or the host of modules, ended in the middle of it, or what was asked for was asked otherwise. */
        INTERRUPTED
    }

    /**
     * One step.
     *
     * @param name for example {@code drain}
     * @param at when it began
     * @param detail one sentence, or {@code ""}
     */
    public record Step(String name, Instant at, String detail) {
        public Step {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(at, "at");
            Objects.requireNonNull(detail, "detail");
        }
    }

    public SwapOperation {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(module, "module");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(started, "started");
        Objects.requireNonNull(ended, "ended");
        Objects.requireNonNull(fromBundle, "fromBundle");
        Objects.requireNonNull(toBundle, "toBundle");
        Objects.requireNonNull(checksum, "checksum");
        Objects.requireNonNull(pause, "pause");
        steps = List.copyOf(steps);
    }
}
