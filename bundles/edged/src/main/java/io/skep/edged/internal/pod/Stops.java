package io.skep.edged.internal.pod;

import io.skep.edged.internal.probe.Check;
import io.skep.edged.internal.probe.Outcome;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * The actions around a container's life: after its start, before its stop, and the stop itself. Called on, and calls back
 * on, the module's thread.
 */
final class Stops {

    /** Even a container whose grace was eaten by its preStop action gets this long. */
    private static final Duration LEAST_GRACE = Duration.ofSeconds(2);

    /** Kubernetes sets no limit; a thread of the pool has one. */
    private static final Duration POST_START = Duration.ofMinutes(2);

    private static final Duration RETRY = Duration.ofSeconds(5);

    private final PodHost host;
    private final PodWorker worker;
    private final BiFunction<ContainerSpec, String, Check.Target> targets;
    private final Map<String, Left.Stopping> under = new HashMap<>();

    Stops(PodHost host, PodWorker worker, BiFunction<ContainerSpec, String, Check.Target> targets) {
        this.host = host;
        this.worker = worker;
        this.targets = targets;
    }

    /** The action after the start; a container whose action fails is stopped. */
    void postStart(ContainerSpec container, ContainerStatus status, Doc action) {
        Check.Target target = targets.apply(container, status.id());
        if (action.has("sleep")) {
            host.context()
                    .after(
                            Duration.ofSeconds(action.number(0, "sleep", "seconds")),
                            () -> worker.hooked(container, status, ""));
            return;
        }
        host.waiting().work("hook/" + status.id(), host.check().of(action, target, POST_START), (outcome, error) -> {
            String message = error != null ? Effects.text(error) : outcome.passed() ? "" : failure(outcome.message());
            worker.hooked(container, status, message);
        });
    }

    private static String failure(String message) {
        return message.isEmpty() ? "it did not succeed" : message;
    }

    /** Ends a container: its preStop action, a polite signal, then a kill. */
    void stop(Action.StopContainer action) {
        ContainerStatus container = action.container();
        Instant deadline = host.context().clock().instant().plus(action.grace());
        // A kill that follows a stop does not change when that was over.
        under.putIfAbsent(container.id(), new Left.Stopping(deadline, false, action.message()));
        Optional<Doc> preStop = worker.pod().container(container.name()).flatMap(ContainerSpec::preStop);
        if (preStop.isEmpty() || action.grace().isZero()) {
            halt(action, action.grace());
            return;
        }
        Instant began = host.context().clock().instant();
        Runnable then = () -> {
            Duration left = action.grace()
                    .minus(Duration.between(began, host.context().clock().instant()));
            halt(action, left.compareTo(LEAST_GRACE) < 0 ? LEAST_GRACE : left);
        };
        if (preStop.get().has("sleep")) {
            Duration sleep = Duration.ofSeconds(preStop.get().number(0, "sleep", "seconds"));
            host.context().after(sleep.compareTo(action.grace()) > 0 ? action.grace() : sleep, then);
            return;
        }
        ContainerSpec spec = worker.pod().container(container.name()).orElseThrow();
        Callable<Outcome> hook = host.check().of(preStop.get(), targets.apply(spec, container.id()), action.grace());
        host.waiting().work("hook/" + container.id(), hook, (outcome, error) -> {
            if (error != null || !outcome.passed()) {
                String why = error != null ? Effects.text(error) : failure(outcome.message());
                worker.warn(container.name(), "FailedPreStopHook", "PreStopHook failed: " + why);
            }
            then.run();
        });
    }

    /** What is under way, for a successor, by container id; {@code living} are the containers that matter. */
    Map<String, Left.Stopping> left(Set<String> living) {
        under.keySet().retainAll(living);
        return under;
    }

    /**
     * Goes on with a stop that a predecessor began: the deadline stays. A preStop action that was under way is begun anew, as
     * Kubernetes' kubelet does after its restart.
     */
    void resume(ContainerStatus container, Left.Stopping stop) {
        Duration left = Duration.between(host.context().clock().instant(), stop.deadline());
        Action.StopContainer action =
                new Action.StopContainer(container, left.isNegative() ? Duration.ZERO : left, stop.message());
        under.put(container.id(), stop);
        if (stop.asked()) {
            host.context().after(action.grace(), () -> worker.graceOver(action));
        } else {
            stop(action);
        }
    }

    /** Asks the container to end, without holding a thread where the runtime can do that; kills it when the grace is over. */
    private void halt(Action.StopContainer action, Duration grace) {
        PodRuntime runtime = worker.runtime();
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
                                id, (same, stop) -> new Left.Stopping(stop.deadline(), true, stop.message()));
                        worker.asked(id);
                        host.context().after(grace, () -> worker.graceOver(action));
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

    private Callable<Optional<ContainerStatus>> stopped(PodRuntime runtime, String id, Duration grace) {
        Pod pod = worker.pod();
        return () -> {
            runtime.stopContainer(id, grace);
            return Looks.at(runtime, id, pod, host.volumes());
        };
    }

    private void ended(Action.StopContainer action, Optional<ContainerStatus> status) {
        worker.done(action.key(), () -> worker.sawContainer(action.container().id(), status));
    }

    private void stopFailed(Action.StopContainer action, Exception error) {
        worker.warn(action.container().name(), "FailedKillPod", "error killing container: " + Effects.text(error));
        host.context().after(RETRY, () -> worker.done(action.key(), () -> {}));
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
