package io.skep.kube.rest.internal.table;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.Times;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A pod in four figures and the one word kubectl shows as its status.
 *
 * <p>Source: {@code kubernetes/pkg/printers/internalversion/printers.go}, {@code printPod}.
 *
 * @param ready containers that are ready, sidecars included
 * @param total containers that count, sidecars included
 * @param reason for example {@code Running}, {@code CrashLoopBackOff}, {@code Init:0/1}, {@code Terminating}
 * @param restarts of all containers that count
 * @param lastRestart when the last of them happened
 */
record PodSummary(long ready, long total, String reason, long restarts, Optional<Instant> lastRestart) {

    static PodSummary of(KubeObject pod) {
        return new Count(pod).summary();
    }

    static boolean isConditionTrue(Doc status, String type) {
        return status.objects("conditions").stream()
                .anyMatch(c -> c.text("type").equals(type) && c.text("status").equals("True"));
    }

    /** Goes through the containers' states, the init containers' first, and keeps score. */
    private static final class Count {

        private final KubeObject pod;
        private final Doc status;
        private final List<Doc> initSpecs;
        private long ready;
        private long total;
        private long restarts;
        private Optional<Instant> lastRestart = Optional.empty();
        private String reason;

        Count(KubeObject pod) {
            this.pod = pod;
            this.status = pod.status();
            this.initSpecs = pod.spec().objects("initContainers");
            this.total = pod.spec().objects("containers").size()
                    + initSpecs.stream().filter(Count::isSidecar).count();
            this.reason = firstOf(status.text("reason"), status.text("phase"));
        }

        PodSummary summary() {
            if (isGated()) {
                reason = "SchedulingGated";
            }
            boolean initializing = initContainers();
            if (!initializing || isConditionTrue(status, "Initialized")) {
                containers();
            }
            deletion();
            return new PodSummary(ready, total, reason, restarts, lastRestart);
        }

        private boolean isGated() {
            return status.objects("conditions").stream()
                    .anyMatch(c -> c.text("type").equals("PodScheduled")
                            && c.text("reason").equals("SchedulingGated"));
        }

        /** Whether one of them still has to come to its end. */
        private boolean initContainers() {
            List<Doc> states = status.objects("initContainerStatuses");
            for (int i = 0; i < states.size(); i++) {
                Doc state = states.get(i);
                restarted(state);
                boolean sidecar = isSidecar(state.text("name"));
                if (state.has("state", "terminated") && state.number(-1, "state", "terminated", "exitCode") == 0) {
                    continue;
                }
                if (sidecar && state.flag(false, "started")) {
                    ready += state.flag(false, "ready") ? 1 : 0;
                    continue;
                }
                reason = "Init:" + initReason(state, i);
                return true;
            }
            return false;
        }

        private String initReason(Doc state, int index) {
            if (state.has("state", "terminated")) {
                return terminated(state.object("state", "terminated"));
            }
            String waiting = state.text("state", "waiting", "reason");
            return waiting.isEmpty() || waiting.equals("PodInitializing") ? index + "/" + initSpecs.size() : waiting;
        }

        private void containers() {
            forgetInitRestarts();
            boolean running = false;
            List<Doc> states = status.objects("containerStatuses");
            for (int i = states.size() - 1; i >= 0; i--) {
                Doc state = states.get(i);
                restarted(state);
                String waiting = state.text("state", "waiting", "reason");
                if (!waiting.isEmpty()) {
                    reason = waiting;
                } else if (state.has("state", "terminated")) {
                    reason = terminated(state.object("state", "terminated"));
                } else if (state.flag(false, "ready") && state.has("state", "running")) {
                    running = true;
                    ready++;
                }
            }
            if (reason.equals("Completed") && running) {
                reason = isConditionTrue(status, "Ready") ? "Running" : "NotReady";
            }
        }

        /** Of the init containers only sidecars' restarts count once the pod is initialized. */
        private void forgetInitRestarts() {
            restarts = 0;
            lastRestart = Optional.empty();
            for (Doc state : status.objects("initContainerStatuses")) {
                if (isSidecar(state.text("name"))) {
                    restarted(state);
                }
            }
        }

        private void deletion() {
            if (pod.deletionTimestamp().isEmpty()) {
                return;
            }
            String phase = status.text("phase");
            if (status.text("reason").equals("NodeLost")) {
                reason = "Unknown";
            } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                reason = "Terminating";
            }
        }

        private void restarted(Doc state) {
            restarts += state.number(0, "restartCount");
            Optional<Instant> end = Times.parse(state.text("lastState", "terminated", "finishedAt"));
            if (end.isPresent() && (lastRestart.isEmpty() || lastRestart.get().isBefore(end.get()))) {
                lastRestart = end;
            }
        }

        private static String terminated(Doc state) {
            if (!state.text("reason").isEmpty()) {
                return state.text("reason");
            }
            long signal = state.number(0, "signal");
            return signal != 0 ? "Signal:" + signal : "ExitCode:" + state.number(0, "exitCode");
        }

        private boolean isSidecar(String name) {
            return initSpecs.stream().anyMatch(c -> c.text("name").equals(name) && isSidecar(c));
        }

        private static boolean isSidecar(Doc container) {
            return container.text("restartPolicy").equals("Always");
        }

        private static String firstOf(String text, String fallback) {
            return text.isEmpty() ? fallback : text;
        }
    }
}
