package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.spec.ConfigException;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Env;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The last step of a container into life: its start. Called on, and calls back on, the module's thread. */
final class Starts {

    private final PodHost host;
    private final PodState state;
    private final PodHealth health;
    private final PodWorker worker;

    Starts(PodHost host, PodState state, PodHealth health, PodWorker worker) {
        this.host = host;
        this.state = state;
        this.health = health;
        this.worker = worker;
    }

    /** Has the image at hand. */
    /** Makes and starts an instance, once the ConfigMaps and Secrets it names are at hand. */
    void start(Action.StartContainer action) {
        Pod pod = state.pod();
        host.references().whenKnown(Env.references(pod, action.container()), objects -> {
            Optional<Launch> launch = launch(action, objects);
            if (launch.isEmpty()) {
                worker.done(action.key());
                return;
            }
            PodRuntime runtime = state.runtime();
            host.context()
                    .work(
                            "pod/" + pod.uid(),
                            () -> launch.get()
                                    .run(runtime, host.volumes(), host.facts().get()),
                            (result, error) -> {
                                if (error == null) {
                                    started(action, result);
                                } else {
                                    failed(action, error);
                                }
                            });
        });
    }

    /** What is to be started, as things are now; empty when they have changed so that nothing is. */
    private Optional<Launch> launch(Action.StartContainer action, Map<Ref, Doc> objects) {
        ContainerSpec container = action.container();
        Observed observed = state.observed();
        Pod pod = state.pod();
        Optional<PodSandboxStatus> sandbox = observed.readySandbox();
        boolean ready = sandbox.isPresent() && state.volumes().paths().isPresent() && state.listed();
        if (!ready || pod.deleting() || state.record().removed()) {
            return Optional.empty();
        }
        return Optional.of(new Launch(
                pod,
                container,
                action.attempt(),
                state.progress().images().getOrDefault(container.name(), container.image()),
                sandbox.get(),
                state.volumes().paths().get(),
                objects,
                observed.dead(container.name(), action.attempt()),
                observed.newest(container.doc().text("targetContainerName"))
                        .filter(Observed::lives)
                        .map(ContainerStatus::id)
                        .orElse("")));
    }

    private void started(Action.StartContainer action, Launch.Result result) {
        ContainerSpec container = action.container();
        ContainerStatus status = result.status();
        boolean runs = result.failure().isEmpty();
        Duration pause = action.nextBackoff();
        boolean free = runs || !pause.isZero();
        PodRecord record = state.record();
        record.container(
                container.name(),
                record.container(container.name())
                        .started(action.attempt(), status.sandboxId(), free ? pause : Backoff.FIRST));
        state.sawContainer(status.id(), Optional.of(status));
        state.progress().started(container.name());
        result.skipped().forEach(text -> state.warn(container.name(), "InvalidEnvironmentVariableNames", text));
        tell(container, "Created", "Created container " + container.name());
        if (runs) {
            tell(container, "Started", "Started container " + container.name());
            health.postStart(container, status);
        } else {
            state.warn(container.name(), "Failed", "Error: " + result.failure());
        }
        worker.done(action.key());
    }

    /** As kubelet does: what fails before the runtime is asked is an error of the configuration, files of volumes too. */
    private void failed(Action.StartContainer action, Exception error) {
        boolean config = error instanceof ConfigException
                || error instanceof IOException
                || error instanceof ContainerException e && e.code() == ContainerException.Code.INVALID;
        String container = action.container().name();
        state.warn(container, "Failed", "Error: " + Errors.text(error));
        worker.failed(
                action.key(),
                container,
                config ? Trouble.Kind.CONFIG : Trouble.Kind.CREATE,
                config ? "CreateContainerConfigError" : "CreateContainerError",
                Errors.text(error));
    }

    private void tell(ContainerSpec container, String reason, String message) {
        host.events().normal(state.pod(), container.name(), reason, message);
    }
}
