package io.skep.edged.internal.pod;

import io.skep.edged.internal.probe.Check;
import io.skep.edged.internal.probe.PodProbes;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.ProbeSpec;
import io.skep.runtime.api.ContainerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * How a pod's containers fare: what the probes find, which post-start actions are under way, and which containers must
 * therefore be stopped. Belongs to the module's thread.
 */
final class PodHealth implements PodProbes.Listener {

    private final PodHost host;
    private final PodWorker worker;
    private final PodProbes probes;
    private final Map<String, Action.StopContainer> doomed = new LinkedHashMap<>();
    private final Set<String> hooking = new HashSet<>();

    PodHealth(PodHost host, PodWorker worker) {
        this.host = host;
        this.worker = worker;
        this.probes = new PodProbes(host.context(), host.probing(), host.check(), this);
    }

    /** Containers whose start is complete: post-start action done, startup probe passed. */
    Set<String> started() {
        Set<String> started = new HashSet<>(probes.up());
        started.removeAll(hooking);
        return started;
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
                .forEach((id, stop) -> Optional.ofNullable(observed.containers().get(id))
                        .filter(Observed::lives)
                        .ifPresent(container -> doomed.put(
                                id,
                                new Action.StopContainer(
                                        container,
                                        Duration.ofMillis(stop.number(0, "graceMillis")),
                                        stop.text("message")))));
    }

    void leave(Left.Writer left) {
        left.probes(probes.left()).doomed(doomed).hooking(hooking);
    }

    /** Ends all tries. */
    void stop() {
        probes.stop();
    }

    /** Puts the running containers under probe, and lets go of the others; when the pod ends, of all. */
    void watch(Observed observed, PodStatusKeeper statuses, BiFunction<ContainerSpec, String, Check.Target> target) {
        Pod pod = worker.pod();
        boolean ending =
                pod.deleting() || worker.record().removed() || worker.record().terminal();
        for (ContainerSpec container : pod.allContainers()) {
            Optional<ContainerStatus> newest = observed.newest(container.name());
            boolean runs = newest.filter(Observed::lives).isPresent();
            if (!runs || container.init() && !container.sidecar()) {
                probes.forget(container.name());
                newest.ifPresent(c -> doomed.remove(c.id()));
            } else if (!ending) {
                String id = host.runtimes().engine(worker.record().runtime()) + "://"
                        + newest.get().id();
                Instant now = host.context().clock().instant();
                probes.watch(
                        target.apply(container, newest.get().id()),
                        newest.get().started().orElse(now),
                        statuses.was(id, "started"),
                        statuses.was(id, "ready"));
            }
        }
        if (ending) {
            probes.stop();
        }
    }

    /** A post-start action begins. */
    void hooking(ContainerSpec container) {
        hooking.add(container.name());
    }

    /** A post-start action ended; {@code failure} is {@code ""} when well. */
    void hooked(ContainerSpec container, ContainerStatus status, String failure) {
        if (!hooking.remove(container.name())) {
            return;
        }
        if (!failure.isEmpty()) {
            worker.warn(container.name(), "FailedPostStartHook", "PostStartHook failed: " + failure);
            doomed.put(
                    status.id(), new Action.StopContainer(status, worker.pod().grace(), "FailedPostStartHook"));
        }
        worker.step();
    }

    @Override
    public void changed() {
        worker.step();
    }

    @Override
    public void unhealthy(String container, ProbeSpec.Kind kind, String message) {
        worker.warn(container, "Unhealthy", kind.word() + " probe failed: " + message);
    }

    @Override
    public void untried(String container, ProbeSpec.Kind kind, String message) {
        worker.warn(container, "Unhealthy", kind.word() + " probe errored and resulted in unknown state: " + message);
    }

    @Override
    public void doomed(String containerId, ContainerSpec container, ProbeSpec probe) {
        worker.observed(containerId).ifPresent(status -> {
            String why = "Container " + container.name() + " failed "
                    + probe.kind().word().toLowerCase(Locale.ROOT) + " probe, will be restarted";
            doomed.put(
                    containerId,
                    new Action.StopContainer(
                            status, probe.grace().orElseGet(() -> worker.pod().grace()), why));
            worker.step();
        });
    }
}
