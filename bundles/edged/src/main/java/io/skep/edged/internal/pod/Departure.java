package io.skep.edged.internal.pod;

import io.skep.core.api.message.Operation;
import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.SandboxSpec;
import io.skep.edged.internal.volume.Folders;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.PodRuntime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The way of a pod off the node, once nothing of it runs: the cloud's agreement, then its sandboxes, volumes and logs.
 * Called on, and calls back on, the module's thread.
 */
final class Departure {

    private static final Duration CONFIRM_RETRY = Duration.ofSeconds(30);
    private static final Duration ERASE_RETRY = Duration.ofSeconds(5);

    private final PodHost host;
    private final PodState state;
    private final PodWorker worker;

    Departure(PodHost host, PodState state, PodWorker worker) {
        this.host = host;
        this.state = state;
        this.worker = worker;
    }

    /** Tells the cloud, after the pod's last status, which goes up with the module's next task. */
    void confirm(Action.ConfirmDeletion action) {
        Pod pod = state.pod();
        Doc options = Doc.of(Map.of("gracePeriodSeconds", 0, "preconditions", Map.of("uid", pod.uid())));
        host.context()
                .execute(() -> host.meta()
                        .call(
                                Operation.DELETE,
                                pod.resource("pod"),
                                options,
                                answer -> confirmed(action, true),
                                failure -> confirmed(action, false)));
    }

    private void confirmed(Action.ConfirmDeletion action, boolean agreed) {
        state.confirmed(agreed);
        if (agreed) {
            worker.done(action.key());
        } else {
            host.context().after(CONFIRM_RETRY, () -> worker.done(action.key()));
        }
    }

    /** Takes everything of it away, what still runs with it. */
    void erase(Action.Erase action) {
        Pod pod = state.pod();
        List<String> sandboxes = state.observed().sandboxesBefore(Integer.MAX_VALUE);
        Optional<PodRuntime> runtime = state.runtimeIfThere();
        Path logs = state.logs();
        host.context()
                .work(
                        "pod/" + pod.uid(),
                        () -> {
                            for (String id : sandboxes) {
                                runtime.orElseThrow().removePodSandbox(id);
                            }
                            // Also after a sandbox went: the engine may have dropped it for a process that ended
                            // meanwhile
                            if (runtime.isPresent()) {
                                runtime.get().clearPod(SandboxSpec.cgroups(pod.uid()));
                            }
                            host.volumes().erase(pod.uid());
                            Folders.delete(logs);
                            return true;
                        },
                        (gone, error) -> {
                            if (error == null) {
                                worker.erased();
                            } else {
                                state.warn("", "FailedKillPod", "error removing pod: " + Errors.text(error));
                                host.context().after(ERASE_RETRY, () -> worker.done(action.key()));
                            }
                        });
    }
}
