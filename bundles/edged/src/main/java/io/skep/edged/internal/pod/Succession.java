package io.skep.edged.internal.pod;

import io.skep.runtime.api.ContainerStatus;
import java.util.function.Consumer;

/**
 * One pod's change of hands within a process: goes on with what a predecessor had under way, once the runtime was listed,
 * and leaves the same to a successor. Belongs to the module's thread.
 */
final class Succession {

    private final PodHost host;
    private final PodState state;
    private final PodHealth health;
    private final Effects effects;
    private Left left;
    private boolean waits;

    Succession(PodHost host, PodState state, PodHealth health, Effects effects, Left left) {
        this.host = host;
        this.state = state;
        this.health = health;
        this.effects = effects;
        this.left = left;
    }

    /**
     * Whether what the runtime had when it was listed may lack what a predecessor's job is just making. Then {@code settled}
     * hears what it has after that.
     */
    boolean waits(Consumer<Observed> settled) {
        if (!left.unfinished()) {
            return false;
        }
        if (!waits) {
            waits = true;
            effects.list(all -> {
                waits = false;
                left = left.finished();
                if (!state.ended()) {
                    settled.accept(all);
                }
            });
        }
        return true;
    }

    /** Goes on with what a predecessor had under way; false when there was none. */
    boolean takeOver() {
        if (left.isNothing()) {
            return false;
        }
        left.starting().forEach(this::learn);
        health.inherit(left, state.observed());
        left.stopping()
                .forEach((id, stop) -> state.observed()
                        .container(id)
                        .filter(Observed::lives)
                        .ifPresent(container -> effects.resume(container, stop)));
        left.hooking()
                .forEach(name -> state.observed()
                        .newest(name)
                        .filter(Observed::lives)
                        .ifPresent(status -> state.pod()
                                .container(name)
                                .ifPresent(container -> health.postStart(container, status))));
        left = Left.NOTHING;
        return true;
    }

    /** A start that came about, and that the predecessor did not come to record. */
    private void learn(String name, Left.Starting start) {
        PodRecord record = state.record();
        state.observed()
                .newest(name)
                .filter(c -> c.metadata().attempt() == start.attempt() && c.state() != ContainerStatus.State.CREATED)
                .filter(c -> record.container(name).attempt() < start.attempt())
                .ifPresent(c -> record.container(
                        name, record.container(name).started(start.attempt(), c.sandboxId(), start.nextBackoff())));
    }

    /** What a successor needs beyond the store. */
    Left leave() {
        if (!left.isNothing()) {
            // It never came to take over what it was left itself.
            return left;
        }
        Left.Writer writer = new Left.Writer();
        if (host.records().lacks(state.record())) {
            writer.record(state.record());
        }
        writer.confirmed(state.confirmed());
        state.progress().leave(writer);
        health.leave(writer);
        return writer.done();
    }
}
