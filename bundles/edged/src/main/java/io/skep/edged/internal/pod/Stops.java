package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.probe.Outcome;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of a container out of life: its preStop action, a polite signal, a kill. Called on, and calls back on, the
 * module's thread.
 *
 * <p>Where a pod ends, its containers share one grace. All preStop actions begin at once; then the app's containers are
 * asked to end, and each sidecar once those have ended that were started after it, at the latest when the grace is over.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kuberuntime/kuberuntime_termination_order.go}, {@code kuberuntime_container.go}.
 */
final class Stops {

    /** Even a container whose grace was eaten by its preStop action gets this long. */
    private static final Duration LEAST_GRACE = Duration.ofSeconds(2);

    private static final Duration RETRY = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(Stops.class);

    private final PodHost host;
    private final PodState state;
    private final PodWorker worker;
    private final Map<String, Action.StopContainer> hooking = new HashMap<>();
    private final Map<String, Action.StopContainer> queued = new LinkedHashMap<>();

    Stops(PodHost host, PodState state, PodWorker worker) {
        this.host = host;
        this.state = state;
        this.worker = worker;
    }

    /** Ends a container: its preStop action, a polite signal, then a kill. */
    void stop(Action.StopContainer action) {
        ContainerStatus container = action.container();
        Instant deadline = state.now().plus(action.grace());
        state.progress().stopping(container.id(), new Left.Stopping(deadline, false, action.kind(), action.message()));
        if (action.kind() == Action.Stop.TO_RESTART) {
            PodRecord record = state.record();
            record.container(
                    container.name(), record.container(container.name()).toRestart());
        }
        Optional<Doc> preStop = state.pod().container(container.name()).flatMap(ContainerSpec::preStop);
        if (action.grace().isZero() || preStop.isEmpty() && !waits(action)) {
            halt(action, action.grace());
            return;
        }
        if (preStop.isEmpty()) {
            queue(action);
            return;
        }
        hooking.put(container.id(), action);
        Runnable then = () -> hooked(container.id());
        // An action that does not end, or did not get its turn to begin, keeps nobody longer than the grace
        host.context().after(action.grace(), then);
        if (preStop.get().has("sleep")) {
            Duration sleep = Duration.ofSeconds(preStop.get().number(0, "sleep", "seconds"));
            host.context().after(sleep, then);
            return;
        }
        ContainerSpec spec = state.pod().container(container.name()).orElseThrow();
        Callable<Outcome> hook = host.check().of(preStop.get(), state.target(spec, container.id()), action.grace());
        host.waiting().work("hook/" + container.id(), hook, (outcome, error) -> {
            if (hooking.containsKey(container.id()) && (error != null || !outcome.passed())) {
                String why = error != null ? Errors.text(error) : outcome.failure();
                state.warn(container.name(), "FailedPreStopHook", "PreStopHook failed: " + why);
            }
            then.run();
        });
    }

    /** The preStop action is over, or takes too long. */
    private void hooked(String id) {
        Action.StopContainer action = hooking.remove(id);
        if (action != null && lives(id)) {
            queue(action);
        } else if (action != null) {
            worker.done(action.key());
        }
    }

    /** Asks the container to end once its turn has come, at the latest when its time is over. */
    private void queue(Action.StopContainer action) {
        String id = action.container().id();
        Duration rest = state.progress()
                .stop(id)
                .map(stop -> action.until(stop.deadline(), state.now()).grace())
                .orElse(Duration.ZERO);
        if (waits(action) && !rest.isZero()) {
            queued.put(id, action);
            host.context().after(rest, () -> turnAtLast(id));
        } else {
            halt(action, rest.compareTo(LEAST_GRACE) < 0 ? LEAST_GRACE : rest);
        }
    }

    private void turnAtLast(String id) {
        Action.StopContainer action = queued.remove(id);
        if (action != null) {
            halt(action, LEAST_GRACE);
        }
    }

    /** Gives a stop under way less time, wherever it is. */
    void hurry(Action.HurryStop hurry) {
        ContainerStatus container = hurry.container();
        String id = container.id();
        state.progress().hurried(id, state.now().plus(hurry.grace()));
        Runnable late = () -> graceOver(container);
        if (hooking.containsKey(id)) {
            late = () -> hooked(id);
        } else if (queued.containsKey(id)) {
            late = () -> turnAtLast(id);
        }
        host.context().after(hurry.grace(), late);
    }

    /** Asks those to end whose turn has come; lets go of those that ended before it. */
    void whoseTurnCame() {
        for (Action.StopContainer action : List.copyOf(queued.values())) {
            String id = action.container().id();
            if (!lives(id)) {
                queued.remove(id);
                state.progress().end(action.key());
            } else if (!waits(action)) {
                queued.remove(id);
                queue(action);
            }
        }
    }

    /** Whether a container has to wait for others to end: a sidecar for the app's and for the sidecars after it. */
    private boolean waits(Action.StopContainer action) {
        List<ContainerSpec> sidecars = state.pod().initContainers().stream()
                .filter(ContainerSpec::sidecar)
                .toList();
        int own = sidecars.stream()
                .map(ContainerSpec::name)
                .toList()
                .indexOf(action.container().name());
        return action.kind() == Action.Stop.WITH_POD
                && own >= 0
                && state.observed().living().stream()
                        .flatMap(other -> state.pod().container(other.name()).stream())
                        .anyMatch(other -> other.init() ? sidecars.indexOf(other) > own : !other.ephemeral());
    }

    private boolean lives(String id) {
        return state.observed().container(id).filter(Observed::lives).isPresent();
    }

    /**
     * Goes on with a stop that a predecessor began: the deadline stays. A preStop action that was under way is begun anew, as
     * Kubernetes' kubelet does after its restart.
     */
    void resume(ContainerStatus container, Left.Stopping stop) {
        state.progress().resume(container.id(), stop, state.now());
        Action.StopContainer action = new Action.StopContainer(container, Duration.ZERO, stop.kind(), stop.message())
                .until(stop.deadline(), state.now());
        if (stop.asked()) {
            host.context().after(action.grace(), () -> graceOver(container));
        } else {
            stop(action);
        }
    }

    /** Asks the container to end, without holding a thread where the runtime can do that; kills it when the grace is over. */
    private void halt(Action.StopContainer action, Duration grace) {
        PodRuntime runtime = state.runtime();
        String id = action.container().id();
        if (grace.isZero()) {
            run("kill/" + id, stopped(runtime, id, grace), status -> ended(action, status), e -> stopFailed(action, e));
            return;
        }
        run(
                "ask/" + id,
                () -> runtime.askToStop(id),
                asked -> {
                    if (asked) {
                        state.progress().asked(id);
                        worker.step();
                        host.context().after(grace, () -> graceOver(action.container()));
                    } else {
                        host.waiting().work(action.key(), stopped(runtime, id, grace), (status, error) -> {
                            if (error == null) {
                                ended(action, status);
                            } else {
                                stopFailed(action, error);
                            }
                        });
                    }
                },
                error -> stopFailed(action, error));
    }

    /** What was asked while the runtime went away may have reached nobody. */
    void runtimeBack() {
        List<ContainerStatus> asked = state.observed().living().stream()
                .filter(c -> state.progress()
                        .stop(c.id())
                        .filter(Left.Stopping::asked)
                        .isPresent())
                .toList();
        PodRuntime runtime = state.runtime();
        asked.forEach(c -> run(
                "ask/" + c.id(),
                () -> runtime.askToStop(c.id()),
                yes -> {},
                e -> LOG.debug("not asked again: container={} reason={}", c.id(), e.getMessage())));
    }

    private void graceOver(ContainerStatus container) {
        Optional<Action.StopContainer> kill = state.progress()
                .stop(container.id())
                .filter(stop -> lives(container.id()) && !state.ended())
                .map(stop -> new Action.StopContainer(container, Duration.ZERO, stop.kind(), stop.message()));
        kill.filter(state.progress()::begin).ifPresent(this::stop);
    }

    private Callable<Optional<ContainerStatus>> stopped(PodRuntime runtime, String id, Duration grace) {
        Pod pod = state.pod();
        return () -> {
            runtime.stopContainer(id, grace);
            return Looks.at(runtime, id, pod, host.volumes());
        };
    }

    private void ended(Action.StopContainer action, Optional<ContainerStatus> status) {
        state.sawContainer(action.container().id(), status);
        worker.done(action.key());
    }

    private void stopFailed(Action.StopContainer action, Exception error) {
        state.warn(action.container().name(), "FailedKillPod", "error killing container: " + Errors.text(error));
        ContainerStatus container = action.container();
        host.context().after(RETRY, () -> {
            worker.done(action.key());
            // The stop it was to end is still under way, and nothing else will
            state.progress()
                    .stop(container.id())
                    .filter(stop -> !stop.deadline().isAfter(state.now()))
                    .ifPresent(stop -> graceOver(container));
        });
    }

    private <T> void run(String key, Callable<T> job, Consumer<T> then, Consumer<Exception> failed) {
        host.context().work(key, job, (T result, Exception error) -> {
            if (error == null) {
                then.accept(result);
            } else {
                failed.accept(error);
            }
        });
    }
}
