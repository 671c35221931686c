package io.skep.edged.internal.pod;

import io.skep.kube.api.Doc;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What edged remembers of one container beyond its process and beyond the runtime's memory.
 *
 * @param attempt number of its newest instance, -1 before the first; also the restart count Kubernetes shows
 * @param sandboxId the sandbox of that instance
 * @param backoff how long after its end the next instance waits; zero for not at all
 * @param again whether its newest instance was stopped so that another takes its place, whatever the restart policy says
 * @param last how the newest instance ended, if it did
 * @param previous how the instance before it ended
 */
record ContainerRecord(
        int attempt,
        String sandboxId,
        Duration backoff,
        boolean again,
        Optional<Termination> last,
        Optional<Termination> previous) {

    static final ContainerRecord NEW =
            new ContainerRecord(-1, "", Duration.ZERO, false, Optional.empty(), Optional.empty());

    int restarts() {
        return Math.max(0, attempt);
    }

    /** The runtime may have shown that instance, even its end, before its start is told. */
    ContainerRecord started(int newAttempt, String sandbox, Duration nextBackoff) {
        Optional<Termination> before = newAttempt == attempt ? previous : last.or(() -> previous);
        return new ContainerRecord(newAttempt, sandbox, nextBackoff, false, Optional.empty(), before);
    }

    ContainerRecord ended(Termination termination) {
        return new ContainerRecord(attempt, sandboxId, backoff, again, Optional.of(termination), previous);
    }

    ContainerRecord seen(int runtimeAttempt, String sandbox) {
        return new ContainerRecord(runtimeAttempt, sandbox, backoff, false, Optional.empty(), last.or(() -> previous));
    }

    /** As if it had never failed. */
    ContainerRecord withoutBackoff() {
        return new ContainerRecord(attempt, sandboxId, Duration.ZERO, again, last, previous);
    }

    /** Its instance is stopped for another to take its place. */
    ContainerRecord toRestart() {
        return new ContainerRecord(attempt, sandboxId, backoff, true, last, previous);
    }

    Doc toDoc() {
        Map<String, Object> doc = new LinkedHashMap<>();
        doc.put("attempt", attempt);
        doc.put("sandboxId", sandboxId);
        doc.put("backoffSeconds", backoff.toSeconds());
        if (again) {
            doc.put("again", true);
        }
        last.ifPresent(t -> doc.put("last", t.toDoc().asMap()));
        previous.ifPresent(t -> doc.put("previous", t.toDoc().asMap()));
        return Doc.of(doc);
    }

    static ContainerRecord from(Doc doc) {
        return new ContainerRecord(
                (int) doc.number(-1, "attempt"),
                doc.text("sandboxId"),
                Duration.ofSeconds(doc.number(0, "backoffSeconds")),
                doc.flag(false, "again"),
                doc.has("last") ? Optional.of(Termination.from(doc.object("last"))) : Optional.empty(),
                doc.has("previous") ? Optional.of(Termination.from(doc.object("previous"))) : Optional.empty());
    }
}
