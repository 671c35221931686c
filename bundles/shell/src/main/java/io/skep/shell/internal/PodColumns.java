package io.skep.shell.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.List;

/**
 * A pod in one line, as kubectl prints it.
 *
 * <p>Source: Kubernetes {@code pkg/printers/internalversion/printers.go}, {@code printPod}.
 */
final class PodColumns {

    private PodColumns() {}

    static String ready(KubeObject pod) {
        long ready = pod.status().objects("containerStatuses").stream()
                .filter(c -> c.flag(false, "ready"))
                .count();
        return ready + "/" + pod.spec().objects("containers").size();
    }

    static String restarts(KubeObject pod) {
        return Long.toString(pod.status().objects("containerStatuses").stream()
                .mapToLong(c -> c.number(0, "restartCount"))
                .sum());
    }

    static String status(KubeObject pod) {
        if (pod.deletionTimestamp().isPresent()) {
            return "NodeLost".equals(pod.status().text("reason")) ? "Unknown" : "Terminating";
        }
        String reason = pod.status().text("reason");
        if (reason.isEmpty()) {
            reason = pod.status().text("phase");
        }
        String initializing = initializing(pod);
        return initializing.isEmpty() ? running(pod, reason) : initializing;
    }

    private static String initializing(KubeObject pod) {
        List<Doc> states = pod.status().objects("initContainerStatuses");
        for (int i = 0; i < states.size(); i++) {
            Doc state = states.get(i).object("state");
            if (state.has("terminated") && state.number(-1, "terminated", "exitCode") == 0
                    || states.get(i).flag(false, "started") && state.has("running")) {
                continue;
            }
            String reason = reason(state);
            boolean plain = reason.isEmpty() || reason.equals("PodInitializing");
            return "Init:"
                    + (plain ? i + "/" + pod.spec().objects("initContainers").size() : reason);
        }
        return "";
    }

    private static String running(KubeObject pod, String otherwise) {
        String shown = otherwise;
        boolean anyRunning = false;
        List<Doc> states = pod.status().objects("containerStatuses");
        for (int i = states.size() - 1; i >= 0; i--) {
            Doc state = states.get(i).object("state");
            String reason = reason(state);
            if (!reason.isEmpty()) {
                shown = reason;
            } else if (state.has("running") && states.get(i).flag(false, "ready")) {
                anyRunning = true;
            }
        }
        return shown.equals("Completed") && anyRunning ? "Running" : shown;
    }

    /** Why a container is not running, {@code ""} when it is. */
    private static String reason(Doc state) {
        String waiting = state.text("waiting", "reason");
        if (!waiting.isEmpty()) {
            return waiting;
        }
        if (!state.has("terminated")) {
            return "";
        }
        String terminated = state.text("terminated", "reason");
        if (!terminated.isEmpty()) {
            return terminated;
        }
        long signal = state.number(0, "terminated", "signal");
        return signal != 0 ? "Signal:" + signal : "ExitCode:" + state.number(0, "terminated", "exitCode");
    }
}
