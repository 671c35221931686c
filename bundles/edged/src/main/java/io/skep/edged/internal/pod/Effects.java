package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import io.skep.edged.internal.spec.PodResources;
import io.skep.edged.internal.spec.SandboxSpec;
import io.skep.edged.internal.volume.TokenSpec;
import io.skep.edged.internal.volume.Volumes;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxConfig.Linux;
import io.skep.runtime.api.PodSandboxConfig.Metadata;
import io.skep.runtime.api.PodSandboxConfig.Network;
import io.skep.runtime.api.PodSandboxStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Carries out a pod's {@link Action}s: starts the work, notes in the {@link PodState} what came of it and has the
 * {@link PodWorker} go on. Called on, and calls back on, the module's thread; runtime and disk are met on the worker pool.
 */
final class Effects {

    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Duration STOP_RETRY = Duration.ofSeconds(5);

    private final PodHost host;
    private final PodState state;
    private final PodWorker worker;
    private final Pulls pulls;
    private final Starts starts;
    private final Stops stops;
    private final Departure departure;

    Effects(PodHost host, PodState state, PodHealth health, PodWorker worker) {
        this.host = host;
        this.state = state;
        this.worker = worker;
        this.pulls = new Pulls(host, state, worker);
        this.starts = new Starts(host, state, health, worker);
        this.stops = new Stops(host, state, worker);
        this.departure = new Departure(host, state, worker);
    }

    void take(Action action) {
        if (action instanceof Action.MountVolumes mount) {
            mountVolumes(mount);
        } else if (action instanceof Action.RunSandbox run) {
            runSandbox(run);
        } else if (action instanceof Action.StopSandbox stop) {
            stopSandbox(stop);
        } else if (action instanceof Action.PullImage pull) {
            pulls.pull(pull);
        } else if (action instanceof Action.StartContainer start) {
            starts.start(start);
        } else if (action instanceof Action.StopContainer stop) {
            stops.stop(stop);
        } else if (action instanceof Action.HurryStop hurry) {
            stops.hurry(hurry);
        } else if (action instanceof Action.ConfirmDeletion confirm) {
            departure.confirm(confirm);
        } else if (action instanceof Action.Erase erase) {
            departure.erase(erase);
        } else {
            throw new IllegalArgumentException("not an effect: " + action);
        }
    }

    /** Looks at a container or sandbox anew. */
    void look(String id, boolean sandbox) {
        PodRuntime runtime = state.runtime();
        Pod pod = state.pod();
        if (sandbox) {
            host.context().work("look/" + pod.uid(), () -> runtime.podSandboxStatus(id), (status, error) -> {
                if (error == null) {
                    state.sawSandbox(id, status);
                    worker.step();
                }
            });
        } else {
            host.context()
                    .work("look/" + pod.uid(), () -> Looks.at(runtime, id, pod, host.volumes()), (status, error) -> {
                        if (error == null) {
                            state.sawContainer(id, status);
                            worker.step();
                        }
                    });
        }
    }

    private void mountVolumes(Action.MountVolumes action) {
        Pod pod = state.pod();
        List<Ref> refs = Volumes.references(pod);
        List<TokenSpec> specs = Volumes.tokens(pod);
        host.references()
                .whenKnown(
                        refs,
                        objects -> host.tokens().whenKnown(pod, specs, tokens -> {
                            PodFields fields = new PodFields(pod, host.facts().get(), state.ips());
                            run(
                                    "pod/" + pod.uid(),
                                    () -> host.volumes().mount(fields, objects, tokens),
                                    paths -> mounted(action, paths),
                                    error -> mountFailed(action, error));
                        }));
    }

    private void mounted(Action.MountVolumes action, Map<String, Path> paths) {
        state.progress().well();
        // Before the volumes hear of it: they may have to be made anew at once.
        state.progress().end(action.key());
        state.volumes().mounted(state.pod(), paths);
        worker.step();
    }

    private void mountFailed(Action.MountVolumes action, Exception error) {
        state.volumes().failed();
        failed(action, Trouble.Kind.VOLUMES, "FailedMount", Errors.text(error));
    }

    private void runSandbox(Action.RunSandbox action) {
        Pod pod = state.pod();
        PodRuntime runtime = state.runtime();
        Path logs = state.logs();
        String handler = state.record().handler();
        List<String> old = state.observed().sandboxesBefore(action.attempt());
        if (!old.isEmpty()) {
            host.events()
                    .normal(
                            pod,
                            Trouble.POD,
                            "SandboxChanged",
                            "Pod sandbox changed, it will be killed and re-created.");
        }
        run(
                "pod/" + pod.uid(),
                () -> {
                    for (String id : old) {
                        runtime.removePodSandbox(id);
                    }
                    Files.createDirectories(logs);
                    String id = runtime.runPodSandbox(sandbox(pod, handler, action.attempt(), logs));
                    return runtime.podSandboxStatus(id)
                            .orElseThrow(() -> new ContainerException(
                                    ContainerException.Code.NOT_FOUND, "sandbox " + id + " vanished at its start"));
                },
                (PodSandboxStatus status) -> sandboxRuns(action, old, status),
                error -> failed(
                        action,
                        Trouble.Kind.SANDBOX,
                        "FailedCreatePodSandBox",
                        "Failed to create pod sandbox: " + Errors.text(error)));
    }

    /** A step of the pod as a whole. */
    private void failed(Action action, Trouble.Kind kind, String event, String message) {
        state.warn(Trouble.POD, event, message);
        worker.failed(action.key(), Trouble.POD, kind, "", message);
    }

    private void sandboxRuns(Action.RunSandbox action, List<String> old, PodSandboxStatus status) {
        old.forEach(id -> state.sawSandbox(id, Optional.empty()));
        state.sawSandbox(status.id(), Optional.of(status));
        state.record().sandbox(action.attempt());
        state.progress().well();
        worker.done(action.key());
    }

    private static PodSandboxConfig sandbox(Pod pod, String handler, int attempt, Path logs) throws IOException {
        return new PodSandboxConfig(
                new Metadata(pod.name(), pod.namespace(), pod.uid(), attempt),
                pod.hostname(),
                logs,
                pod.runtimeLabels(),
                SandboxSpec.annotations(pod, handler),
                handler,
                new Network(pod.hostNetwork(), SandboxSpec.dns(pod, RESOLV_CONF), SandboxSpec.ports(pod)),
                new Linux(
                        SandboxSpec.cgroup(pod),
                        SandboxSpec.sharing(pod),
                        PodResources.of(pod),
                        SandboxSpec.sysctls(pod)));
    }

    private void stopSandbox(Action.StopSandbox action) {
        PodRuntime runtime = state.runtime();
        String uid = state.pod().uid();
        boolean over = !state.active();
        run(
                "pod/" + uid,
                () -> {
                    runtime.stopPodSandbox(action.sandboxId());
                    if (over) {
                        host.volumes().release(uid);
                    }
                    return runtime.podSandboxStatus(action.sandboxId());
                },
                status -> {
                    state.sawSandbox(action.sandboxId(), status);
                    worker.done(action.key());
                },
                error -> retry(action.key(), "FailedKillPod", "error killing pod: " + Errors.text(error)));
    }

    private void retry(String key, String reason, String message) {
        state.warn("", reason, message);
        host.context().after(STOP_RETRY, () -> worker.done(key));
    }

    /** Asks those to end that only waited for others to end before them. */
    void whoseTurnCame() {
        stops.whoseTurnCame();
    }

    /** Its runtime answers again: what failed meanwhile need not wait any longer. */
    void runtimeBack() {
        state.progress().runtimeBack();
        stops.runtimeBack();
    }

    /** Goes on with a stop that a predecessor began. */
    void resume(ContainerStatus container, Left.Stopping stop) {
        stops.resume(container, stop);
    }

    /** Looks at all the runtime has of the pod, after whatever else is done to it, also by a predecessor. */
    void list(Consumer<Observed> then) {
        PodRuntime runtime = state.runtime();
        String uid = state.pod().uid();
        run(
                "pod/" + uid,
                () -> {
                    Observed all = Observed.NOTHING;
                    for (PodSandboxStatus box : runtime.listPodSandboxes()) {
                        all = box.metadata().uid().equals(uid) ? all.with(box) : all;
                    }
                    for (ContainerStatus container : runtime.listContainers()) {
                        all = all.sandboxes().containsKey(container.sandboxId()) ? all.with(container) : all;
                    }
                    return all;
                },
                then,
                error -> host.context().after(STOP_RETRY, () -> list(then)));
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
