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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

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

    private final PodHost host;
    private final PodState state;
    private final PodWorker worker;
    private final Map<String, Left.Stopping> under = new HashMap<>();
    private final Set<String> hooking = new HashSet<>();
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
        // A kill that follows a stop does not change when that was over.
        under.putIfAbsent(container.id(), new Left.Stopping(deadline, false, action.kind(), action.message()));
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
            queue(action, deadline);
            return;
        }
        hooking.add(container.id());
        Runnable then = () -> {
            boolean first = hooking.remove(container.id());
            if (first && lives(container.id())) {
                queue(action, deadline);
            } else if (first) {
                worker.done(action.key());
            }
        };
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
            if (hooking.contains(container.id()) && (error != null || !outcome.passed())) {
                String why = error != null ? Errors.text(error) : outcome.failure();
                state.warn(container.name(), "FailedPreStopHook", "PreStopHook failed: " + why);
            }
            then.run();
        });
    }

    /** Asks the container to end once its turn has come, at the latest at the {@code deadline}. */
    private void queue(Action.StopContainer action, Instant deadline) {
        String id = action.container().id();
        Action.StopContainer rest = action.until(deadline, state.now());
        if (waits(action) && !rest.grace().isZero()) {
            queued.put(id, action);
            host.context().after(rest.grace(), () -> {
                if (queued.remove(id) != null) {
                    halt(action, LEAST_GRACE);
                }
            });
        } else {
            halt(action, rest.grace().compareTo(LEAST_GRACE) < 0 ? LEAST_GRACE : rest.grace());
        }
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
                queue(action, under.get(id).deadline());
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
                        .anyMatch(other -> !other.ephemeral() && (!other.sidecar() || sidecars.indexOf(other) > own));
    }

    private boolean lives(String id) {
        return state.observed().container(id).filter(Observed::lives).isPresent();
    }

    /** For a successor: what is under way. */
    void leave(Left.Writer left) {
        under.keySet().retainAll(state.progress().stopping());
        left.stopping(under);
    }

    /**
     * Goes on with a stop that a predecessor began: the deadline stays. A preStop action that was under way is begun anew, as
     * Kubernetes' kubelet does after its restart.
     */
    void resume(ContainerStatus container, Left.Stopping stop) {
        state.progress().resume(container.id(), stop, state.now());
        Action.StopContainer action = new Action.StopContainer(container, Duration.ZERO, stop.kind(), stop.message())
                .until(stop.deadline(), state.now());
        under.put(container.id(), stop);
        if (stop.asked()) {
            host.context().after(action.grace(), () -> graceOver(action));
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
                        under.computeIfPresent(
                                id,
                                (same, stop) -> new Left.Stopping(stop.deadline(), true, stop.kind(), stop.message()));
                        state.progress().asked(id);
                        worker.step();
                        host.context().after(grace, () -> graceOver(action));
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

    private void graceOver(Action.StopContainer stop) {
        Action.StopContainer kill =
                new Action.StopContainer(stop.container(), Duration.ZERO, stop.kind(), stop.message());
        if (lives(stop.container().id()) && !state.ended() && state.progress().begin(kill)) {
            stop(kill);
        }
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
        host.context().after(RETRY, () -> worker.done(action.key()));
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
