package io.skep.edged.internal.pod;

import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.probe.Check;
import io.skep.edged.internal.spec.ConfigException;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Env;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodFields;
import io.skep.edged.internal.spec.PodResources;
import io.skep.edged.internal.spec.PullSecrets;
import io.skep.edged.internal.spec.SandboxSpec;
import io.skep.edged.internal.volume.Folders;
import io.skep.edged.internal.volume.TokenSpec;
import io.skep.edged.internal.volume.Volumes;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxConfig;
import io.skep.runtime.api.PodSandboxStatus;
import io.skep.runtime.api.RegistryAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;

/**
 * Carries out a pod's {@link Action}s: starts the work, and tells the {@link PodWorker} what came of it. Called on, and
 * calls back on, the module's thread; runtime and disk are met on the worker pool.
 */
final class Effects {

    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Duration STOP_RETRY = Duration.ofSeconds(5);

    private final PodHost host;
    private final PodWorker worker;
    private final Stops stops;

    Effects(PodHost host, PodWorker worker) {
        this.host = host;
        this.worker = worker;
        this.stops = new Stops(host, worker, this::target);
    }

    void take(Action action) {
        if (action instanceof Action.MountVolumes mount) {
            mountVolumes(mount);
        } else if (action instanceof Action.RunSandbox run) {
            runSandbox(run);
        } else if (action instanceof Action.StopSandbox stop) {
            stopSandbox(stop);
        } else if (action instanceof Action.PullImage pull) {
            pullImage(pull);
        } else if (action instanceof Action.StartContainer start) {
            startContainer(start);
        } else if (action instanceof Action.StopContainer stop) {
            stops.stop(stop);
        } else if (action instanceof Action.ConfirmDeletion confirm) {
            confirmDeletion(confirm);
        } else if (action instanceof Action.Erase erase) {
            erase(erase);
        } else {
            throw new IllegalArgumentException("not an effect: " + action);
        }
    }

    /** Looks at a container or sandbox anew. */
    void look(String id, boolean sandbox) {
        PodRuntime runtime = worker.runtime();
        Pod pod = worker.pod();
        if (sandbox) {
            host.context().work("look/" + pod.uid(), () -> runtime.podSandboxStatus(id), (status, error) -> {
                if (error == null) {
                    worker.sawSandbox(id, status);
                }
            });
        } else {
            host.context()
                    .work("look/" + pod.uid(), () -> Looks.at(runtime, id, pod, host.volumes()), (status, error) -> {
                        if (error == null) {
                            worker.sawContainer(id, status);
                        }
                    });
        }
    }

    private void mountVolumes(Action.MountVolumes action) {
        Pod pod = worker.pod();
        List<Ref> refs = Volumes.references(pod);
        List<TokenSpec> specs = Volumes.tokens(pod);
        host.references()
                .whenKnown(
                        refs,
                        objects -> host.tokens().whenKnown(pod, specs, tokens -> {
                            PodFields fields = new PodFields(pod, host.facts().get(), worker.ips());
                            run(
                                    "pod/" + pod.uid(),
                                    () -> host.volumes().mount(fields, objects, tokens),
                                    worker::mounted,
                                    error -> worker.failed(
                                            action.key(),
                                            Trouble.POD,
                                            Trouble.Kind.VOLUMES,
                                            "",
                                            "FailedMount",
                                            text(error)));
                        }));
    }

    private void runSandbox(Action.RunSandbox action) {
        Pod pod = worker.pod();
        PodRuntime runtime = worker.runtime();
        Path logs = logs(pod);
        List<String> old = worker.oldSandboxes(action.attempt());
        run(
                "pod/" + pod.uid(),
                () -> {
                    for (String id : old) {
                        runtime.removePodSandbox(id);
                    }
                    Files.createDirectories(logs);
                    String id = runtime.runPodSandbox(sandbox(pod, action.attempt(), logs));
                    return runtime.podSandboxStatus(id)
                            .orElseThrow(() -> new ContainerException(
                                    ContainerException.Code.NOT_FOUND, "sandbox " + id + " vanished at its start"));
                },
                (PodSandboxStatus status) -> worker.sandboxRuns(action, old, status),
                error -> worker.failed(
                        action.key(),
                        Trouble.POD,
                        Trouble.Kind.SANDBOX,
                        "",
                        "FailedCreatePodSandBox",
                        "Failed to create pod sandbox: " + text(error)));
    }

    private static PodSandboxConfig sandbox(Pod pod, int attempt, Path logs) throws IOException {
        return new PodSandboxConfig(
                pod.name(),
                pod.namespace(),
                pod.uid(),
                attempt,
                pod.hostname(),
                logs,
                pod.runtimeLabels(),
                pod.object().annotations(),
                "",
                SandboxSpec.cgroup(pod),
                pod.hostNetwork(),
                SandboxSpec.dns(pod, RESOLV_CONF),
                SandboxSpec.sharing(pod),
                SandboxSpec.ports(pod),
                PodResources.of(pod));
    }

    private void stopSandbox(Action.StopSandbox action) {
        PodRuntime runtime = worker.runtime();
        run(
                "pod/" + worker.pod().uid(),
                () -> {
                    runtime.stopPodSandbox(action.sandboxId());
                    return runtime.podSandboxStatus(action.sandboxId());
                },
                status -> worker.done(action.key(), () -> worker.sawSandbox(action.sandboxId(), status)),
                error -> retry(action.key(), "FailedKillPod", "error killing pod: " + text(error)));
    }

    private void pullImage(Action.PullImage action) {
        List<Ref> secrets = PullSecrets.references(worker.pod());
        host.references()
                .whenKnown(
                        secrets,
                        objects -> pullImage(
                                action, PullSecrets.auth(action.container().image(), secrets, objects)));
    }

    private void pullImage(Action.PullImage action, Optional<RegistryAuth> auth) {
        ContainerSpec container = action.container();
        PodRuntime runtime = worker.runtime();
        host.context()
                .work("image/" + container.image(), () -> Images.ensure(runtime, container, auth), (pulled, error) -> {
                    if (error == null) {
                        worker.imageReady(action, pulled);
                    } else {
                        Images.Refusal refusal = Images.refusal(container, error);
                        worker.failed(
                                action.key(),
                                container.name(),
                                Trouble.Kind.IMAGE,
                                refusal.reason(),
                                "Failed",
                                refusal.message());
                    }
                });
    }

    private void startContainer(Action.StartContainer action) {
        Pod pod = worker.pod();
        ContainerSpec container = action.container();
        host.references().whenKnown(Env.references(pod, container), objects -> {
            Optional<Launch> launch = worker.launch(action, objects);
            if (launch.isEmpty()) {
                worker.done(action.key(), () -> {});
                return;
            }
            PodRuntime runtime = worker.runtime();
            run(
                    "pod/" + pod.uid(),
                    () -> launch.get().run(runtime, host.volumes(), host.facts().get()),
                    result -> worker.started(action, result),
                    error -> startFailed(action, error));
        });
    }

    private void startFailed(Action.StartContainer action, Exception error) {
        boolean config = error instanceof ConfigException
                || error instanceof ContainerException e && e.code() == ContainerException.Code.INVALID;
        worker.failed(
                action.key(),
                action.container().name(),
                config ? Trouble.Kind.CONFIG : Trouble.Kind.CREATE,
                config ? "CreateContainerConfigError" : "CreateContainerError",
                "Failed",
                (config ? "" : "Error: ") + text(error));
    }

    private void confirmDeletion(Action.ConfirmDeletion action) {
        Pod pod = worker.pod();
        Doc options = Doc.of(Map.of("gracePeriodSeconds", 0, "preconditions", Map.of("uid", pod.uid())));
        host.meta()
                .call(
                        Operation.DELETE,
                        pod.resource("pod"),
                        options,
                        answer -> worker.confirmed(true),
                        failure -> worker.confirmed(false));
    }

    private void erase(Action.Erase action) {
        Pod pod = worker.pod();
        List<String> sandboxes = worker.oldSandboxes(Integer.MAX_VALUE);
        Optional<PodRuntime> runtime = worker.runtimeIfThere();
        run(
                "pod/" + pod.uid(),
                () -> {
                    for (String id : sandboxes) {
                        runtime.orElseThrow().removePodSandbox(id);
                    }
                    host.volumes().erase(pod.uid());
                    Folders.delete(logs(pod));
                    return true;
                },
                gone -> worker.erased(),
                error -> retry(action.key(), "FailedKillPod", "error removing pod: " + text(error)));
    }

    private void retry(String key, String reason, String message) {
        worker.warn("", reason, message);
        host.context().after(STOP_RETRY, () -> worker.done(key, () -> {}));
    }

    /** Begins the action after a container's start. */
    void postStart(ContainerSpec container, ContainerStatus status, Doc action) {
        stops.postStart(container, status, action);
    }

    /** Goes on with a stop that a predecessor began. */
    void resume(ContainerStatus container, Left.Stopping stop) {
        stops.resume(container, stop);
    }

    /** Stops under way, by container id. */
    Map<String, Left.Stopping> stopping(Set<String> living) {
        return stops.left(living);
    }

    /** Looks at all the runtime has of the pod, after whatever else is done to it, also by a predecessor. */
    void list(Consumer<Observed> then) {
        PodRuntime runtime = worker.runtime();
        String uid = worker.pod().uid();
        run(
                "pod/" + uid,
                () -> {
                    Observed all = Observed.NOTHING;
                    for (PodSandboxStatus box : runtime.listPodSandboxes()) {
                        all = box.podUid().equals(uid) ? all.with(box) : all;
                    }
                    for (ContainerStatus container : runtime.listContainers()) {
                        all = all.sandboxes().containsKey(container.sandboxId()) ? all.with(container) : all;
                    }
                    return all;
                },
                then,
                error -> host.context().after(STOP_RETRY, () -> list(then)));
    }

    Check.Target target(ContainerSpec container, String id) {
        List<String> ips = worker.ips();
        String ip = ips.isEmpty() ? host.facts().get().ip() : ips.get(0);
        return new Check.Target(worker.runtime(), id, container, ip);
    }

    Path logs(Pod pod) {
        return host.logs().resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid());
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

    static String text(Exception error) {
        return error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage();
    }
}
