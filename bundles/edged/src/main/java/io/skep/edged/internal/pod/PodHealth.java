package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.probe.Check;
import io.skep.edged.internal.probe.PodProbes;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.ProbeSpec;
import io.skep.edged.internal.spec.RestartPolicy;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a pod's containers fare: what the probes find, which post-start actions are under way, and which containers must
 * therefore be stopped. Belongs to the module's thread.
 */
final class PodHealth implements PodProbes.Listener {

    /** Kubernetes sets no limit; a thread of the pool has one. */
    private static final Duration POST_START = Duration.ofMinutes(2);

    private final PodHost host;
    private final PodState state;
    private final Runnable news;
    private final PodProbes probes;
    private final Map<String, Action.StopContainer> doomed = new LinkedHashMap<>();
    private final Set<String> hooking = new HashSet<>();

    /** {@code news} is run after each change. */
    PodHealth(PodHost host, PodState state, Runnable news) {
        this.host = host;
        this.state = state;
        this.news = news;
        this.probes = new PodProbes(host.context(), host.probing(), host.check(), this);
    }

    /** Containers whose start is complete: post-start action done, startup probe passed. */
    Set<String> started() {
        Set<String> started = new HashSet<>(probes.up());
        started.removeAll(hooking);
        return started;
    }

    /** Containers whose post-start action is under way. */
    Set<String> hooking() {
        return hooking;
    }

    /** Containers whose readiness probe, if any, passes. */
    Set<String> passing() {
        return probes.passing();
    }

    /** Containers that must be stopped, by id. */
    Map<String, Action.StopContainer> doomed() {
        return doomed;
    }

    /** A stop is under way. */
    void stopping(String containerId) {
        doomed.remove(containerId);
    }

    /** Goes on from what a predecessor left; {@link #watch} brings the containers. */
    void inherit(Left left, Observed observed) {
        probes.inherit(left.probes());
        left.doomed()
                .forEach((id, stop) -> observed.container(id)
                        .filter(Observed::lives)
                        .ifPresent(container -> doomed.put(
                                id,
                                new Action.StopContainer(
                                        container,
                                        Duration.ofMillis(stop.number(0, "graceMillis")),
                                        Left.kind(stop),
                                        stop.text("message")))));
    }

    void leave(Left.Writer left) {
        left.probes(probes.left()).doomed(doomed).hooking(hooking);
    }

    /** Ends all tries. */
    void stop() {
        probes.stop();
    }

    /** Puts the running containers under probe, and lets go of the others; when the pod ends, only readiness is probed. */
    void watch(PodStatusKeeper statuses) {
        Pod pod = state.pod();
        PodRecord record = state.record();
        boolean ending = !state.active() || state.halted();
        for (ContainerSpec container : pod.allContainers()) {
            Optional<ContainerStatus> newest = state.observed().newest(container.name());
            boolean runs = newest.filter(Observed::lives).isPresent();
            if (!runs || container.init() && !container.sidecar()) {
                probes.forget(container.name());
                newest.ifPresent(c -> doomed.remove(c.id()));
            } else if (!ending) {
                ContainerStatus running = newest.get();
                String id = host.runtimes().engine(record.runtime()) + "://" + running.id();
                probes.watch(
                        state.target(container, running.id()),
                        running.life().started().orElse(state.now()),
                        statuses.was(id, "started"),
                        statuses.was(id, "ready"));
            }
        }
        if (ending) {
            // Who uses it must hear that it can't be used any more; that it does not live any more is meant
            probes.readinessOnly();
        }
    }

    /** Begins the action after a container's start, if it has one; a container whose action fails is stopped. */
    void postStart(ContainerSpec container, ContainerStatus status) {
        container.postStart().ifPresent(action -> {
            hooking.add(container.name());
            postStart(container, status, action);
        });
    }

    private void postStart(ContainerSpec container, ContainerStatus status, Doc action) {
        Check.Target target = state.target(container, status.id());
        if (action.has("sleep")) {
            Duration sleep = Duration.ofSeconds(action.number(0, "sleep", "seconds"));
            host.context().after(sleep, () -> hooked(container, status, ""));
            return;
        }
        host.waiting()
                .work(
                        "hook/" + status.id(),
                        host.check().of(action, target, POST_START),
                        (outcome, error) ->
                                hooked(container, status, error != null ? Errors.text(error) : outcome.failure()));
    }

    private void hooked(ContainerSpec container, ContainerStatus status, String failure) {
        if (!hooking.remove(container.name())) {
            return;
        }
        if (!failure.isEmpty()) {
            state.warn(container.name(), "FailedPostStartHook", "PostStartHook failed: " + failure);
            doomed.put(
                    status.id(),
                    new Action.StopContainer(status, state.pod().grace(), Action.Stop.ALONE, "FailedPostStartHook"));
        }
        news.run();
    }

    @Override
    public void changed() {
        news.run();
    }

    @Override
    public void odd(String container, ProbeSpec.Kind kind, String message) {
        state.warn(container, "ProbeWarning", kind.word() + " probe warning: " + message);
    }

    @Override
    public void unhealthy(String container, ProbeSpec.Kind kind, String message) {
        state.warn(container, "Unhealthy", kind.word() + " probe failed: " + message);
    }

    @Override
    public void untried(String container, ProbeSpec.Kind kind, String message) {
        state.warn(container, "Unhealthy", kind.word() + " probe errored and resulted in unknown state: " + message);
    }

    @Override
    public void doomed(String containerId, ContainerSpec container, ProbeSpec probe) {
        state.observed().container(containerId).ifPresent(status -> {
            String why = "Container " + container.name() + " failed "
                    + probe.kind().word().toLowerCase(Locale.ROOT) + " probe, will be restarted";
            boolean never = state.pod().restartPolicy(container) == RestartPolicy.NEVER;
            Action.Stop kind = never ? Action.Stop.ALONE : Action.Stop.TO_RESTART;
            doomed.put(
                    containerId,
                    new Action.StopContainer(
                            status, probe.grace().orElseGet(() -> state.pod().grace()), kind, why));
            news.run();
        });
    }
}
