package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.RestartPolicy;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodSandboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Decides what a pod needs next; a pure function of its {@link Situation}.
 *
 * <p>Order of life: volumes, sandbox, init containers one by one (sidecars stay), app containers; of death: app
 * containers together, then sidecars last to first, then the sandbox. What is under way is left alone.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kuberuntime/kuberuntime_manager.go}, {@code computePodActions}.
 */
final class Planner {

    /** What evicted pods' containers get to end. */
    private static final Duration EVICTED_GRACE = Duration.ofSeconds(1);

    private final Situation s;
    private final Pod pod;
    private final List<Action> actions = new ArrayList<>();
    private Instant wake = Instant.MAX;

    private Planner(Situation situation) {
        s = situation;
        pod = situation.pod();
    }

    static Plan plan(Situation situation) {
        Planner planner = new Planner(situation);
        planner.decide();
        return new Plan(
                planner.actions, planner.wake.equals(Instant.MAX) ? Optional.empty() : Optional.of(planner.wake));
    }

    private void decide() {
        if (s.record().removed()) {
            // Without grace one step does it all: what is erased is killed first
            boolean now = s.record().grace().isZero() && idle();
            if (now || stopAll(s.record().grace())) {
                add(new Action.Erase());
            }
        } else if (pod.deleting()) {
            if (stopAll(pod.grace()) && !s.confirmed()) {
                add(new Action.ConfirmDeletion());
            }
        } else if (s.record().terminal() || !s.record().failure().isEmpty()) {
            boolean evicted = s.record().failure().equals(PodRecord.EVICTED);
            stopAll(evicted ? shorter(pod.grace(), EVICTED_GRACE) : pod.grace());
        } else if (s.halted().isPresent()) {
            stopAll(shorter(pod.grace(), s.halted().get()));
        } else {
            run();
        }
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Stops what lives, all of it at once: {@link Stops} keeps the order. True once nothing lives or is being started. */
    private boolean stopAll(Duration grace) {
        List<ContainerStatus> living = s.observed().living();
        living.forEach(c -> stop(c, grace));
        if (!living.isEmpty() || !idle()) {
            return false;
        }
        Optional<PodSandboxStatus> sandbox = s.observed().readySandbox();
        sandbox.ifPresent(box -> add(new Action.StopSandbox(box.id())));
        return sandbox.isEmpty();
    }

    /** Whether nothing is under way that a pod's end must wait for; an image that is being pulled comes for nobody. */
    private boolean idle() {
        return s.busy().stream()
                .allMatch(key -> key.equals("confirm") || key.equals("erase") || key.startsWith("pull/"));
    }

    private void stop(ContainerStatus container, Duration grace) {
        if (s.busy().contains("kill/" + container.id())) {
            return;
        }
        Instant deadline = s.deadlines().getOrDefault(container.id(), Instant.MIN);
        boolean hurry = !grace.isZero() && deadline.isAfter(s.now().plus(grace));
        add(
                hurry
                        ? new Action.HurryStop(container, grace)
                        : new Action.StopContainer(
                                container, grace, Action.Stop.WITH_POD, "Stopping container " + container.name()));
    }

    private void run() {
        if (deadlinePassed()) {
            add(new Action.FailPod(
                    "DeadlineExceeded", "Pod was active on the node longer than the specified deadline"));
            return;
        }
        s.doomed().values().forEach(this::add);
        if (!s.volumesReady()) {
            attempt(Trouble.POD, new Action.MountVolumes());
            return;
        }
        if (s.observed().readySandbox().isEmpty()) {
            newSandbox();
            return;
        }
        s.ephemeralContainers().forEach(this::startOnce);
        if (initDone()) {
            apps();
        }
    }

    private boolean deadlinePassed() {
        if (pod.activeDeadline().isEmpty() || s.record().startTime().isEmpty()) {
            return false;
        }
        Instant deadline =
                s.record().startTime().get().plus(pod.activeDeadline().get());
        wakeAt(deadline);
        return !s.now().isBefore(deadline);
    }

    private void newSandbox() {
        Optional<PodSandboxStatus> old = s.observed().sandbox();
        boolean leftovers = old.isPresent()
                && s.observed().living().stream()
                        .anyMatch(c -> c.sandboxId().equals(old.get().id()));
        if (leftovers) {
            add(new Action.StopSandbox(old.get().id()));
            return;
        }
        boolean ranBefore = s.record().sandboxAttempt() >= 0 && s.record().anyStarted();
        if (ranBefore && pod.restartPolicy() == RestartPolicy.NEVER) {
            return;
        }
        boolean work = !ranBefore || s.containers().stream().anyMatch(this::wanted);
        if (work) {
            attempt(Trouble.POD, new Action.RunSandbox(s.record().sandboxAttempt() + 1));
        }
    }

    private boolean wanted(ContainerView app) {
        return app.end().isEmpty() || app.restarts(pod);
    }

    /** Drives the init containers; true when the app containers may run. */
    private boolean initDone() {
        boolean finishing = s.record().initialized()
                && s.containers().stream().noneMatch(this::wanted)
                && s.containers().stream().noneMatch(ContainerView::running);
        for (ContainerView init : s.initContainers()) {
            if (init.spec().sidecar()) {
                if (!finishing) {
                    keepRunning(init);
                }
                if (!s.record().initialized() && !(init.running() && s.started().contains(init.name()))) {
                    return false;
                }
            } else if (!s.record().initialized() && !(init.exited() && init.succeeded())) {
                keepRunning(init);
                return false;
            }
        }
        if (!s.record().initialized()) {
            add(new Action.MarkInitialized());
        }
        return true;
    }

    private void apps() {
        List<ContainerView> apps = s.containers();
        for (ContainerView app : apps) {
            keepRunning(app);
            if (holdsBack(app)) {
                return;
            }
        }
        boolean over = apps.stream().noneMatch(c -> c.running() || wanted(c));
        if (over) {
            s.observed().living().forEach(c -> stop(c, pod.grace()));
        }
    }

    /** What is listed after a container with a post-start action is not touched before that was done. */
    private boolean holdsBack(ContainerView app) {
        boolean starting = Stream.concat(s.busy().stream(), actions.stream().map(Action::key))
                .anyMatch(key -> Action.begins(key) && key.endsWith("/" + app.name()));
        return app.spec().postStart().isPresent() && (starting || s.hooking().contains(app.name()));
    }

    private void keepRunning(ContainerView c) {
        switch (c.state()) {
            case RUNNING -> replaceIfChanged(c);
            case CREATED -> start(c, c.record().attempt(), c.record().backoff());
            case NEW -> {
                if (wanted(c) || c.spec().init()) {
                    start(c, c.record().attempt() + 1, c.record().backoff());
                }
            }
            case EXITED -> restart(c, c.end().orElseGet(Termination::unknown));
        }
    }

    /** An ephemeral container is started when it is first seen, in whatever sandbox there is, and never again. */
    private void startOnce(ContainerView c) {
        if (c.state() == ContainerView.State.CREATED
                || c.state() == ContainerView.State.NEW && c.end().isEmpty()) {
            start(c, Math.max(0, c.record().attempt()), c.record().backoff());
        }
    }

    /** Of a container's fields only the image may change while it runs; one that only initializes ends with the one it has. */
    private void replaceIfChanged(ContainerView c) {
        boolean replaced = c.outdated() && (!c.spec().init() || c.spec().sidecar());
        c.runtime().filter(running -> replaced).ifPresent(running -> {
            if (!s.busy().contains("kill/" + running.id())) {
                add(new Action.StopContainer(
                        running,
                        pod.grace(),
                        Action.Stop.TO_RESTART,
                        "Container " + c.name() + " definition changed, will be restarted"));
            }
        });
    }

    private void restart(ContainerView c, Termination end) {
        if (!c.restarts(pod)) {
            return;
        }
        Instant at = Backoff.startAt(c.record(), end, s.now());
        if (s.now().isBefore(at) && !s.forgiven().contains(c.name())) {
            wakeAt(at);
            return;
        }
        start(c, c.record().attempt() + 1, Backoff.next(Backoff.owed(c.record(), end)));
    }

    private void start(ContainerView c, int attempt, Duration nextBackoff) {
        Action action = s.images().containsKey(c.name())
                ? new Action.StartContainer(c.spec(), attempt, nextBackoff)
                : new Action.PullImage(c.spec());
        attempt(c.name(), action);
    }

    /** Plans a step unless it failed lately. */
    private void attempt(String subject, Action action) {
        Trouble trouble = s.troubles().get(subject);
        if (trouble == null || !s.now().isBefore(trouble.retryAt()) || s.now().isBefore(trouble.since())) {
            add(action);
            return;
        }
        wakeAt(trouble.retryAt());
        Instant stale = trouble.since().plus(Trouble.FRESH);
        if (s.now().isBefore(stale)) {
            wakeAt(stale);
        }
    }

    private void add(Action action) {
        boolean planned = actions.stream().anyMatch(a -> a.key().equals(action.key()));
        if (!planned && !s.busy().contains(action.key())) {
            actions.add(action);
        }
    }

    private void wakeAt(Instant at) {
        if (at.isAfter(s.now()) && at.isBefore(wake)) {
            wake = at;
        }
    }
}
