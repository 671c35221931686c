package io.skep.edged.internal.pod;

import io.skep.core.api.module.ModuleContext.Timer;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.Env;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.upkeep.Evictable;
import io.skep.edged.internal.upkeep.Subject;
import io.skep.edged.internal.volume.Volumes;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * One pod: a state, no thread. Whatever changes (what is wanted, what the runtime tells, what a probe finds, what a timer
 * recalls) ends in {@link #step}, which makes the status, sends it if it differs, asks the {@link Planner} and has the
 * {@link Effects} act. Belongs to the module's thread.
 */
final class PodWorker implements Evictable {

    private final PodHost host;
    private final PodState state;
    private final PodRecord record;
    private final PodProgress progress;
    private final PodHealth health;
    private final Effects effects;
    private final PodStatusKeeper statuses;
    private final Succession succession;
    private final RuntimeChoice choice;
    private final Runnable chosen;
    private final Runnable gone;
    private Timer wake = () -> {};

    /** {@code chosen} is run when its runtime is found late, {@code gone} once nothing of it is left on the node. */
    PodWorker(PodHost host, Pod pod, PodRecord record, Left left, Runnable chosen, Runnable gone) {
        this.host = host;
        this.record = record;
        this.chosen = chosen;
        this.gone = gone;
        this.state = new PodState(host, pod, record, new PodVolumes(host, this::remount), left);
        this.progress = state.progress();
        this.choice = new RuntimeChoice(host, state, this::classAnswered);
        this.health = new PodHealth(host, state, this::step);
        this.effects = new Effects(host, state, health, this);
        this.statuses = new PodStatusKeeper(host, record);
        this.succession = new Succession(host, state, health, effects, left);
    }

    // ---- what others tell

    /** A newer version of what is wanted. */
    void want(Pod newer) {
        Pod pod = state.pod();
        boolean shown = !newer.object().labels().equals(pod.object().labels())
                || !newer.object().annotations().equals(pod.object().annotations());
        state.want(newer);
        if (shown) {
            progress.sourceCame();
            state.volumes().refresh();
        }
        step();
    }

    private void remount() {
        if (!state.ended() && !record.terminal() && !record.removed()) {
            take(new Action.MountVolumes());
        }
    }

    /** The cloud deleted it, explicitly. */
    void remove(Duration grace) {
        record.remove(grace.toSeconds());
        step();
    }

    /** Everything its runtime has of it; the first time, this is how it finds what ran before this process began. */
    void found(Observed all) {
        if (!state.listed() && succession.waits(this::found)) {
            return;
        }
        boolean first = !state.listed();
        state.listed(true);
        Observed before = state.observed();
        before.missingIn(all).forEach(id -> effects.look(id, before.sandboxes().containsKey(id)));
        if (!first) {
            before.endedIn(all).forEach(id -> effects.look(id, false));
        }
        state.saw(before.merged(all, !first));
        if (first) {
            begin();
        }
        step();
    }

    private void begin() {
        if (!succession.takeOver()) {
            progress.forgive(Set.copyOf(statuses.diedUnwatched(state.observed())));
        }
        state.observed().containers().values().stream()
                .filter(c -> c.state() == ContainerStatus.State.EXITED)
                .forEach(c -> effects.look(c.id(), false));
    }

    /** What a successor needs beyond the store; called before {@link #stop}. */
    Left leave() {
        return succession.leave();
    }

    /** Its runtime went away; nothing is done until it is back and was listed. */
    void runtimeLost() {
        state.listed(false);
    }

    /** Its runtime answers again: what failed meanwhile need not wait any longer. */
    void runtimeBack() {
        effects.runtimeBack();
    }

    /** The runtime says that something of it changed. */
    void changed(String id, boolean sandbox) {
        if (state.listed()) {
            effects.look(id, sandbox);
        }
    }

    /** A ConfigMap or Secret changed. */
    void referenceChanged(Ref ref) {
        Pod pod = state.pod();
        boolean mounted = Volumes.references(pod).contains(ref);
        boolean used = mounted
                || pod.allContainers().stream()
                        .anyMatch(c -> Env.references(pod, c).contains(ref));
        if (!used || state.ended()) {
            return;
        }
        progress.sourceCame();
        if (mounted) {
            state.volumes().refresh();
        }
        step();
    }

    private void classAnswered() {
        step();
        if (!state.ended() && !record.runtime().isEmpty() && !state.listed()) {
            chosen.run();
        }
    }

    /** The link to the cloud is there again: what it must hear is said again. */
    void linkUp() {
        choice.again();
        if (!state.confirmed()) {
            progress.end("confirm");
        }
        progress.sourceCame();
        step();
    }

    @Override
    public void evict(String message) {
        take(new Action.FailPod(PodRecord.EVICTED, message));
    }

    /** The node goes down: what of it runs gets {@code grace} to end, and nothing is begun. */
    void halt(Duration grace) {
        state.halt(grace);
        step();
    }

    /** The module stops: timers and probes end, containers stay. */
    void stop() {
        state.end();
        wake.cancel();
        state.volumes().stop();
        health.stop();
    }

    // ---- what can be asked

    @Override
    public Pod pod() {
        return state.pod();
    }

    PodRecord record() {
        return record;
    }

    /** The status as it is now. */
    Doc status() {
        return statuses.latest();
    }

    @Override
    public boolean critical() {
        return record.isStatic() || state.pod().critical();
    }

    @Override
    public boolean active() {
        return state.active();
    }

    @Override
    public boolean lives() {
        return state.lives();
    }

    /** Whether nothing of it runs, or is on its way to. */
    boolean rests() {
        return !lives() && !progress.touchesThePod();
    }

    @Override
    public Optional<Subject> subject() {
        return state.subject();
    }

    // ---- what came of an action

    /** The action of this key is over, well or not. */
    void done(String key) {
        progress.end(key);
        step();
    }

    /** The action of this key failed: {@code subject} is the container's name or {@link Trouble#POD}. */
    void failed(String key, String subject, Trouble.Kind kind, String reason, String message) {
        progress.failed(subject, kind, reason, message, state.now());
        done(key);
    }

    /** Nothing of it is left on the node. */
    void erased() {
        stop();
        host.records().forget(record);
        host.tokens().forget(state.pod().uid());
        gone.run();
    }

    // ---- the one step

    void step() {
        if (state.ended() || !prepared()) {
            return;
        }
        statuses.learn(state.pod(), state.observed(), progress.busy());
        progress.seen(state.observed().living());
        effects.whoseTurnCame();
        health.watch(statuses);
        statuses.show(state.situation(health));
        Plan plan = Planner.plan(state.situation(health));
        wakeAt(plan.wake());
        plan.actions().forEach(this::take);
        if (state.halted()) {
            host.changed().run();
        }
    }

    private void wakeAt(Optional<Instant> time) {
        wake.cancel();
        time.ifPresent(at -> wake = host.context().after(Duration.between(state.now(), at), this::step));
    }

    /** Whether there is a runtime and it was listed; a pod that never had one needs none to go. */
    private boolean prepared() {
        if (choice.made()) {
            return state.listed() && state.runtimeIfThere().isPresent();
        }
        state.listed(false);
        statuses.show(state.situation(health));
        wakeAt(choice.retryAt());
        return state.pod().deleting() || record.removed();
    }

    private void take(Action action) {
        if (action instanceof Action.MarkInitialized) {
            record.initialize();
            step();
        } else if (action instanceof Action.FailPod fail) {
            record.fail(fail.reason(), fail.message());
            state.warn("", fail.reason(), fail.message());
            step();
        } else if (progress.begin(action)) {
            if (action instanceof Action.StopContainer stop) {
                health.stopping(stop.container().id());
                host.events().normal(state.pod(), stop.container().name(), "Killing", stop.message());
            }
            if (action instanceof Action.MountVolumes) {
                state.volumes().begun();
            }
            effects.take(action);
        }
    }
}
