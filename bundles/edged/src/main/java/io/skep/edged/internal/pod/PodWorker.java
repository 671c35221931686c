package io.skep.edged.internal.pod;

import io.skep.core.api.module.ModuleContext.Timer;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Env;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.volume.Volumes;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One pod: a state, no thread. Whatever changes (what is wanted, what the runtime tells, what a probe finds, what a timer
 * recalls) ends in {@link #step}, which makes the status, sends it if it differs, asks the {@link Planner} and has the
 * {@link Effects} act. Belongs to the module's thread.
 */
final class PodWorker {

    private static final Duration CONFIRM_RETRY = Duration.ofSeconds(30);

    private final PodHost host;
    private final PodRecord record;
    private final Effects effects;
    private final PodHealth health;
    private final PodVolumes volumes;
    private final PodStatusKeeper statuses;
    private final Runnable gone;
    private final PodProgress progress;
    private Left left;
    private boolean waits;
    private Observed observed = Observed.NOTHING;
    private Pod pod;
    private boolean listed;
    private boolean confirmed;
    private boolean ended;
    private Optional<Duration> halted = Optional.empty();
    private Timer wake = () -> {};

    PodWorker(PodHost host, Pod pod, PodRecord record, Left left, Runnable gone) {
        this.host = host;
        this.left = left;
        this.pod = pod;
        this.record = record;
        this.gone = gone;
        this.effects = new Effects(host, this);
        this.health = new PodHealth(host, this);
        this.volumes = new PodVolumes(host, this::remount);
        this.statuses = new PodStatusKeeper(host, record);
        this.progress = new PodProgress(left);
        this.confirmed = left.confirmed();
    }

    // ---- what others tell

    /** A newer version of what is wanted. */
    void want(Pod newer) {
        boolean shown = !newer.object().labels().equals(pod.object().labels())
                || !newer.object().annotations().equals(pod.object().annotations());
        pod = newer;
        if (shown) {
            volumes.refresh();
        }
        step();
    }

    private void remount() {
        if (!ended && !record.terminal() && !record.removed()) {
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
        if (!listed && left.unfinished()) {
            // What the runtime had when it was listed may lack what a predecessor's job is just making.
            if (!waits) {
                waits = true;
                effects.list(this::settled);
            }
            return;
        }
        boolean first = !listed;
        listed = true;
        observed.missingIn(all)
                .forEach(id -> effects.look(id, observed.sandboxes().containsKey(id)));
        if (!first) {
            observed.endedIn(all).forEach(id -> effects.look(id, false));
        }
        observed = observed.merged(all, !first);
        if (first) {
            if (left.isNothing()) {
                progress.forgive(Set.copyOf(statuses.diedUnwatched(observed)));
            } else {
                takeOver();
            }
            observed.containers().values().stream()
                    .filter(c -> c.state() == ContainerStatus.State.EXITED)
                    .forEach(c -> effects.look(c.id(), false));
        }
        step();
    }

    private void settled(Observed all) {
        waits = false;
        left = left.finished();
        if (!ended) {
            found(all);
        }
    }

    /** Goes on with what a predecessor had under way. */
    private void takeOver() {
        left.starting()
                .forEach((name, start) -> observed.newest(name)
                        .filter(c -> c.attempt() == start.attempt() && c.state() != ContainerStatus.State.CREATED)
                        .filter(c -> record.container(name).attempt() < start.attempt())
                        .ifPresent(c -> record.container(
                                name,
                                record.container(name).started(start.attempt(), c.sandboxId(), start.nextBackoff()))));
        health.inherit(left, observed);
        left.stopping()
                .forEach((id, stop) -> observed(id).filter(Observed::lives).ifPresent(container -> {
                    progress.resume(id, stop, now());
                    effects.resume(container, stop);
                }));
        for (String name : left.hooking()) {
            Optional<ContainerSpec> container = pod.container(name);
            Optional<ContainerStatus> status = observed.newest(name).filter(Observed::lives);
            if (status.isPresent()
                    && container.flatMap(ContainerSpec::postStart).isPresent()) {
                health.hooking(container.get());
                effects.postStart(
                        container.get(),
                        status.get(),
                        container.get().postStart().get());
            }
        }
        left = Left.NOTHING;
    }

    /** What a successor needs beyond the store; called before {@link #stop}. */
    Left leave() {
        if (!left.isNothing()) {
            // It never came to take over what it was left itself.
            return left;
        }
        Left.Writer writer = new Left.Writer();
        if (host.records().lacks(record)) {
            writer.record(record);
        }
        writer.confirmed(confirmed).stopping(effects.stopping(progress.stopping()));
        progress.leave(writer);
        health.leave(writer);
        return writer.done();
    }

    /** Its runtime went away; nothing is done until it is back and was listed. */
    void runtimeLost() {
        listed = false;
    }

    /** Its runtime answers again: what failed meanwhile need not wait any longer. */
    void runtimeBack() {
        progress.runtimeBack();
    }

    /** The runtime says that something of it changed. */
    void changed(String id, boolean sandbox) {
        if (listed) {
            effects.look(id, sandbox);
        }
    }

    /** A ConfigMap or Secret changed. */
    void referenceChanged(Ref ref) {
        boolean mounted = Volumes.references(pod).contains(ref);
        boolean used = mounted
                || pod.allContainers().stream()
                        .anyMatch(c -> Env.references(pod, c).contains(ref));
        if (!used || ended) {
            return;
        }
        progress.sourceCame();
        if (mounted) {
            volumes.refresh();
        }
        step();
    }

    /** The link to the cloud is there again: what it must hear is said again. */
    void linkUp() {
        if (!confirmed) {
            progress.end("confirm");
        }
        progress.sourceCame();
        step();
    }

    /** Ends it for the node's sake. */
    void evict(String message) {
        take(new Action.FailPod(Evictor.REASON, message));
    }

    /** The node goes down: what of it runs gets {@code grace} to end, and nothing is begun. */
    void halt(Duration grace) {
        halted = Optional.of(grace);
        step();
    }

    /** Whether nothing of it runs, or is on its way to. */
    boolean rests() {
        return !lives() && !progress.touchesThePod();
    }

    /** Whether it is meant to run. */
    boolean active() {
        return !ended
                && !pod.deleting()
                && !record.terminal()
                && !record.removed()
                && record.failure().isEmpty();
    }

    /** Whether anything of it runs. */
    boolean lives() {
        return !ended && !observed.living().isEmpty();
    }

    /** What there is of it to measure; empty while it has no runtime. */
    Optional<Usages.Subject> subject() {
        return runtimeIfThere()
                .map(runtime -> new Usages.Subject(
                        pod.uid(),
                        runtime,
                        observed.living(),
                        new PodStorage(pod, volumes.paths().orElse(Map.of()), effects.logs(pod))));
    }

    /** The module stops: timers and probes end, containers stay. */
    void stop() {
        ended = true;
        wake.cancel();
        volumes.stop();
        health.stop();
    }

    // ---- what the effects tell

    void done(String key, Runnable then) {
        progress.end(key);
        then.run();
        step();
    }

    void failed(String key, String subject, Trouble.Kind kind, String reason, String event, String message) {
        progress.failed(subject, kind, reason, message, now());
        warn(subject, event, message);
        if (kind == Trouble.Kind.VOLUMES) {
            volumes.failed();
        }
        done(key, () -> {});
    }

    void mounted(Map<String, Path> paths) {
        progress.well();
        progress.end("volumes");
        volumes.mounted(pod, paths);
        step();
    }

    void sandboxRuns(Action.RunSandbox action, List<String> old, PodSandboxStatus status) {
        old.forEach(id -> observed = observed.without(id));
        observed = observed.with(status);
        record.sandbox(action.attempt());
        progress.well();
        done(action.key(), () -> {});
    }

    void imageReady(Action.PullImage action, Images.Ready image) {
        ContainerSpec container = action.container();
        progress.imageReady(container.name(), image.reference());
        String how = image.pulled() ? "Successfully pulled image \"" : "Container image \"";
        String tail = image.pulled() ? "\"" : "\" already present on machine";
        host.events().normal(pod, container.name(), "Pulled", how + container.image() + tail);
        done(action.key(), () -> {});
    }

    void started(Action.StartContainer action, Launch.Result result) {
        ContainerSpec container = action.container();
        ContainerStatus status = result.status();
        boolean runs = result.failure().isEmpty();
        Duration pause = action.nextBackoff();
        boolean free = runs || !pause.isZero();
        record.container(
                container.name(),
                record.container(container.name())
                        .started(action.attempt(), status.sandboxId(), free ? pause : Backoff.FIRST));
        observed = observed.with(status);
        progress.started(container.name());
        result.skipped().forEach(text -> warn(container.name(), "InvalidEnvironmentVariableNames", text));
        host.events().normal(pod, container.name(), "Created", "Created container " + container.name());
        if (runs) {
            host.events().normal(pod, container.name(), "Started", "Started container " + container.name());
            container.postStart().ifPresent(hook -> {
                health.hooking(container);
                effects.postStart(container, status, hook);
            });
        } else {
            warn(container.name(), "Failed", "Error: " + result.failure());
        }
        done(action.key(), () -> {});
    }

    void hooked(ContainerSpec container, ContainerStatus status, String failure) {
        health.hooked(container, status, failure);
    }

    void sawContainer(String id, Optional<ContainerStatus> status) {
        observed = status.map(observed::with).orElseGet(() -> observed.without(id));
        step();
    }

    void sawSandbox(String id, Optional<PodSandboxStatus> status) {
        observed = status.map(observed::with).orElseGet(() -> observed.without(id));
        step();
    }

    /** A container was asked to end; its end comes as an event. */
    void asked(String id) {
        progress.asked(id);
        step();
    }

    /** A container that was asked to end had its time. */
    void graceOver(Action.StopContainer stop) {
        boolean lives = observed(stop.container().id()).filter(Observed::lives).isPresent();
        Action kill = new Action.StopContainer(stop.container(), Duration.ZERO, stop.message());
        if (lives && !ended && progress.begin(kill)) {
            effects.take(kill);
        }
    }

    void confirmed(boolean agreed) {
        confirmed = agreed;
        if (!agreed) {
            host.context().after(CONFIRM_RETRY, () -> done("confirm", () -> {}));
        } else {
            done("confirm", () -> {});
        }
    }

    void erased() {
        stop();
        host.records().forget(record);
        host.tokens().forget(pod.uid());
        gone.run();
    }

    void warn(String container, String reason, String message) {
        host.events().warning(pod, container, reason, message);
    }

    // ---- what it knows

    Pod pod() {
        return pod;
    }

    /** A container as it was seen last. */
    Optional<ContainerStatus> observed(String containerId) {
        return Optional.ofNullable(observed.containers().get(containerId));
    }

    PodRecord record() {
        return record;
    }

    /** The status as it is now. */
    Doc status() {
        return statuses.latest();
    }

    Optional<PodRuntime> runtimeIfThere() {
        return host.runtimes().get(record.runtime());
    }

    PodRuntime runtime() {
        return runtimeIfThere().orElseThrow(() -> new IllegalStateException("no runtime for " + pod.key()));
    }

    /** The pod's addresses while it has a sandbox; the node's for one that has none of its own. */
    List<String> ips() {
        return observed.readySandbox()
                .map(box -> box.ips().isEmpty() ? List.of(host.facts().get().ip()) : box.ips())
                .orElse(List.of());
    }

    List<String> oldSandboxes(int before) {
        return observed.sandboxes().values().stream()
                .filter(box -> box.attempt() < before)
                .map(PodSandboxStatus::id)
                .toList();
    }

    Optional<Launch> launch(Action.StartContainer action, Map<Ref, Doc> objects) {
        String name = action.container().name();
        Optional<PodSandboxStatus> sandbox = observed.readySandbox();
        if (sandbox.isEmpty() || volumes.paths().isEmpty() || pod.deleting() || record.removed() || !listed) {
            return Optional.empty();
        }
        List<String> dead = observed.containers().values().stream()
                .filter(c -> c.name().equals(name))
                .filter(c -> c.state() == ContainerStatus.State.CREATED || c.attempt() < action.attempt() - 1)
                .map(ContainerStatus::id)
                .toList();
        String image = progress.images().getOrDefault(name, action.container().image());
        return Optional.of(new Launch(
                pod,
                action.container(),
                action.attempt(),
                image,
                sandbox.get(),
                volumes.paths().get(),
                objects,
                dead,
                observed.newest(action.container().doc().text("targetContainerName"))
                        .filter(Observed::lives)
                        .map(ContainerStatus::id)
                        .orElse("")));
    }

    private Instant now() {
        return host.context().clock().instant();
    }

    // ---- the one step

    void step() {
        if (ended || !prepared()) {
            return;
        }
        statuses.learn(pod, observed, progress.busy());
        progress.seen(observed.living());
        health.watch(observed, statuses, effects::target);
        statuses.show(situation());
        Plan plan = Planner.plan(situation());
        wake.cancel();
        plan.wake().ifPresent(at -> wake = host.context().after(Duration.between(now(), at), this::step));
        plan.actions().forEach(this::take);
        if (halted.isPresent()) {
            host.changed().run();
        }
    }

    /** Whether there is a runtime and it was listed; a pod that never had one needs none to go. */
    private boolean prepared() {
        if (record.runtime().isEmpty()) {
            host.runtimes().choose(pod.runtimeClassName()).ifPresent(record::useRuntime);
        }
        if (record.runtime().isEmpty() && record.sandboxAttempt() < 0) {
            String message =
                    RuntimeWatch.missing(pod.runtimeClassName(), host.runtimes().names());
            if (progress.noRuntime(message, now())) {
                warn("", "FailedCreatePodSandBox", message);
            }
            listed = false;
            statuses.show(situation());
            return pod.deleting() || record.removed();
        }
        progress.runtimeFound();
        return listed && runtimeIfThere().isPresent();
    }

    private Situation situation() {
        return new Situation(
                pod,
                record,
                host.runtimes().engine(record.runtime()),
                observed,
                volumes.paths().isPresent(),
                progress.images(),
                progress.troubles(),
                progress.busy(),
                health.started(),
                health.passing(),
                health.doomed(),
                progress.forgiven(),
                confirmed,
                halted,
                now());
    }

    private void take(Action action) {
        if (action instanceof Action.MarkInitialized) {
            record.initialize();
            step();
        } else if (action instanceof Action.FailPod fail) {
            record.fail(fail.reason(), fail.message());
            warn("", fail.reason(), fail.message());
            step();
        } else if (progress.begin(action)) {
            if (action instanceof Action.StopContainer stop) {
                health.stopping(stop.container().id());
                host.events().normal(pod, stop.container().name(), "Killing", stop.message());
            }
            if (action instanceof Action.MountVolumes) {
                volumes.begun();
            }
            effects.take(action);
        }
    }
}
