package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.RestartPolicy;
import java.util.List;

/**
 * A pod's phase.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kubelet_pods.go}, {@code getPhase}.
 */
enum Phase {
    PENDING("Pending"),
    RUNNING("Running"),
    SUCCEEDED("Succeeded"),
    FAILED("Failed");

    private final String word;

    Phase(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    boolean terminal() {
        return this == SUCCEEDED || this == FAILED;
    }

    /** The phase by what the containers did. {@code over} once nothing of the pod will run again whatever its policy. */
    static Phase of(Situation s, boolean over) {
        Pod pod = s.pod();
        List<ContainerView> init = s.initContainers();
        List<ContainerView> apps = s.containers();
        boolean initFailed = init.stream()
                .filter(c -> !c.spec().sidecar())
                .anyMatch(c -> c.exited() && !c.succeeded() && pod.restartPolicy() == RestartPolicy.NEVER);
        if (initFailed && !s.record().initialized()) {
            return FAILED;
        }
        if (!over && !init.isEmpty() && !s.record().initialized()) {
            return PENDING;
        }
        boolean sidecarRuns = init.stream().anyMatch(c -> c.spec().sidecar() && c.running());
        if (apps.stream().anyMatch(ContainerView::running)) {
            return RUNNING;
        }
        boolean anyWaiting = apps.stream().anyMatch(c -> c.end().isEmpty());
        if (over) {
            boolean allWell = !apps.isEmpty() && !anyWaiting && apps.stream().allMatch(ContainerView::succeeded);
            return allWell ? SUCCEEDED : FAILED;
        }
        if (anyWaiting) {
            return PENDING;
        }
        boolean again = apps.stream().anyMatch(c -> c.restarts(pod));
        if (again || sidecarRuns || apps.isEmpty()) {
            return apps.isEmpty() ? PENDING : RUNNING;
        }
        return apps.stream().allMatch(ContainerView::succeeded) ? SUCCEEDED : FAILED;
    }
}
