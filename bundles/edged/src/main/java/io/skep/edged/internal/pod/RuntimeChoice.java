package io.skep.edged.internal.pod;

import io.skep.core.api.EdgeException;
import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.edged.internal.link.Answer;
import io.skep.edged.internal.runtime.Runtimes;
import java.time.Instant;
import java.util.Optional;

/**
 * How one pod comes to its runtime, and to a handler there. The name of a runtime is that runtime; any other is a
 * RuntimeClass, asked of MetaManager, whose handler is a runtime too or else one of the container engine's. What was chosen
 * lies in the record and is not chosen anew, whatever becomes of the class. Belongs to the module's thread.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/runtimeclass/runtimeclass_manager.go}; runtimes by name are ours.
 */
final class RuntimeChoice {

    /** The runtime whose engine may have handlers. */
    private static final String ENGINE = "cri";

    private final PodHost host;
    private final PodState state;
    private final PodRecord record;
    private final Runnable answered;
    private Optional<String> handler = Optional.empty();
    private Optional<Trouble> trouble = Optional.empty();
    private boolean asking;

    /** {@code answered} is run when there is more to choose from than before. */
    RuntimeChoice(PodHost host, PodState state, Runnable answered) {
        this.host = host;
        this.state = state;
        this.record = state.record();
        this.answered = answered;
    }

    /** Whether the pod has its runtime, or had one once; as long as it has none, chooses, asks, or says why not. */
    boolean made() {
        if (record.runtime().isEmpty()) {
            look(state.pod().runtimeClassName());
        }
        if (!record.runtime().isEmpty() || record.sandboxAttempt() >= 0) {
            state.progress().runtimeFound();
            return true;
        }
        missing(state.pod().runtimeClassName())
                .filter(message -> state.progress().noRuntime(message, state.now()))
                .ifPresent(message -> state.warn("", "FailedCreatePodSandBox", message));
        return false;
    }

    private void look(String name) {
        Runtimes runtimes = host.runtimes();
        if (name.isEmpty() || runtimes.isName(name)) {
            runtimes.choose(name).ifPresent(runtime -> record.useRuntime(runtime, ""));
        } else if (handler.isPresent()) {
            String inEngine = runtimes.isName(handler.get()) ? "" : handler.get();
            runtimes.choose(runtime(handler.get())).ifPresent(runtime -> record.useRuntime(runtime, inEngine));
        } else if (!asking
                && record.failure().isEmpty()
                && !state.now().isBefore(retryAt().orElse(Instant.MIN))) {
            ask(name);
        }
    }

    private String runtime(String name) {
        return host.runtimes().isName(name) ? name : ENGINE;
    }

    private void ask(String name) {
        asking = true;
        host.meta()
                .query(
                        "null/runtimeclass/" + name,
                        Content.EMPTY,
                        answer -> known(name, answer),
                        failure -> unknown(name, failure));
    }

    private void known(String name, Answer answer) {
        String found = answer.doc().map(doc -> doc.text("handler")).orElse("");
        if (found.isEmpty()) {
            unknown(name, new EdgeException(Reason.INVALID, "it names no handler"));
            return;
        }
        asking = false;
        trouble = Optional.empty();
        handler = Optional.of(found);
        answered.run();
    }

    private void unknown(String name, EdgeException failure) {
        asking = false;
        String why = failure.reason() == Reason.NOT_FOUND
                ? "RuntimeClass \"" + name + "\" not found"
                : "RuntimeClass \"" + name + "\" not known to this node yet (" + failure.getMessage() + ")";
        int failures = trouble.map(Trouble::failures).orElse(0) + 1;
        trouble = Optional.of(new Trouble(Trouble.Kind.CONFIG, "", why, failures, state.now()));
        answered.run();
    }

    /** What the cloud or its absence made of the last question need not be so any more. */
    void again() {
        trouble = Optional.empty();
    }

    /** Why there is none; empty while that is being found out. */
    private Optional<String> missing(String name) {
        if (handler.isPresent()) {
            return Optional.of("RuntimeClass \"" + name + "\" wants handler \"" + handler.get() + "\": "
                    + host.runtimes().missing(runtime(handler.get())));
        }
        String here = host.runtimes().missing(name);
        return asking && trouble.isEmpty()
                ? Optional.empty()
                : Optional.of(trouble.map(t -> t.message() + "; " + here).orElse(here));
    }

    /** When the class is asked for again; empty when that is of no use, or under way. */
    Optional<Instant> retryAt() {
        return trouble.filter(t -> !asking).map(Trouble::retryAt);
    }
}
