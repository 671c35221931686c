package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod's status as Kubernetes defines it, out of its {@link Situation}; a pure function.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/kubelet_pods.go}, {@code pkg/kubelet/status/generate.go}; order and words of the
 * conditions as a recorded EdgeCore v1.22.1 sends them.
 */
final class PodStatuses {

    /** Reason of a container that failed and waits for its next start. */
    static final String CRASH_LOOP = "CrashLoopBackOff";

    private final Situation s;
    private final Pod pod;
    private final boolean over;
    private final Phase phase;

    private PodStatuses(Situation situation, boolean over) {
        s = situation;
        pod = situation.pod();
        this.over = over;
        phase = phase(s, over);
    }

    /**
     * The status now.
     *
     * @param over whether nothing of the pod will run again whatever its policy
     * @param hostIp the node's address
     */
    static Doc of(Situation situation, boolean over, String hostIp) {
        return new PodStatuses(situation, over).status(hostIp);
    }

    /** Where the pod is heading; it is shown as over only once nothing of it runs. */
    static Phase phase(Situation situation, boolean over) {
        return !situation.record().failure().isEmpty() ? Phase.FAILED : Phase.of(situation, over);
    }

    private Doc status(String hostIp) {
        List<Doc> init = s.initContainers().stream().map(this::container).toList();
        List<Doc> apps = s.containers().stream().map(this::container).toList();
        Map<String, Object> status = new LinkedHashMap<>();
        boolean ending = phase.terminal() && !s.observed().living().isEmpty();
        status.put("phase", ending ? phaseBefore() : phase.word());
        if (!ending && !s.record().failure().isEmpty()) {
            status.put("reason", s.record().failure());
            status.put("message", s.record().failureMessage());
        }
        status.put("conditions", conditions(init, apps));
        status.put("hostIP", hostIp);
        status.put("hostIPs", List.of(Map.of("ip", hostIp)));
        List<String> ips = ips(hostIp);
        if (!ips.isEmpty()) {
            status.put("podIP", ips.get(0));
            status.put("podIPs", ips.stream().map(ip -> Map.of("ip", ip)).toList());
        }
        s.record().startTime().ifPresent(t -> status.put("startTime", Times.format(t)));
        // As for kubelet: kubectl prints a waiting container's reason before the pod's, and here nothing waits
        if (!s.record().rejected()) {
            if (!init.isEmpty()) {
                status.put(
                        "initContainerStatuses", init.stream().map(Doc::asMap).toList());
            }
            status.put("containerStatuses", apps.stream().map(Doc::asMap).toList());
            List<Object> ephemeral = s.ephemeralContainers().stream()
                    .map(this::container)
                    .map(doc -> (Object) doc.asMap())
                    .toList();
            if (!ephemeral.isEmpty()) {
                status.put("ephemeralContainerStatuses", ephemeral);
            }
        }
        status.put("qosClass", pod.qosClass());
        return Doc.of(status);
    }

    /** A pod is over once nothing of it runs: whoever replaces it must not find it at work. */
    private String phaseBefore() {
        String before = s.record().status().text("phase");
        return before.isEmpty() ? Phase.PENDING.word() : before;
    }

    private List<String> ips(String hostIp) {
        if (pod.hostNetwork()) {
            return List.of(hostIp);
        }
        List<String> now = s.observed()
                .readySandbox()
                .map(box -> box.ips().isEmpty() ? List.of(hostIp) : box.ips())
                .orElse(List.of());
        return now.isEmpty()
                ? s.record().status().objects("podIPs").stream()
                        .map(ip -> ip.text("ip"))
                        .toList()
                : now;
    }

    private Doc container(ContainerView view) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("name", view.name());
        Optional<Waiting> waiting = waiting(view);
        status.put("state", state(view, waiting));
        Optional<Termination> last = waiting.isPresent()
                ? view.end().or(() -> view.record().previous())
                : view.record().previous();
        status.put(
                "lastState",
                last.map(t -> (Object) Map.of("terminated", t.toDoc().asMap())).orElse(Map.of()));
        status.put("ready", ready(view));
        status.put("restartCount", view.record().restarts());
        status.put("image", view.image());
        status.put("imageID", view.runtime().map(c -> c.imageRef()).orElse(""));
        view.runtime().ifPresent(c -> status.put("containerID", s.engine() + "://" + c.id()));
        status.put("started", started(view));
        List<Object> mounts = mounts(view.spec());
        if (!mounts.isEmpty()) {
            status.put("volumeMounts", mounts);
        }
        return Doc.of(status);
    }

    private Map<String, Object> state(ContainerView view, Optional<Waiting> waiting) {
        if (waiting.isPresent()) {
            Map<String, Object> why = new LinkedHashMap<>();
            why.put("reason", waiting.get().reason());
            if (!waiting.get().message().isEmpty()) {
                why.put("message", waiting.get().message());
            }
            return Map.of("waiting", why);
        }
        if (view.running()) {
            Map<String, Object> since = new LinkedHashMap<>();
            since.put(
                    "startedAt",
                    view.runtime()
                            .flatMap(c -> c.life().started())
                            .map(Times::format)
                            .orElse(null));
            return Map.of("running", since);
        }
        return Map.of(
                "terminated", view.end().orElseGet(Termination::unknown).toDoc().asMap());
    }

    private record Waiting(String reason, String message) {}

    private Optional<Waiting> waiting(ContainerView view) {
        if (view.running()) {
            return Optional.empty();
        }
        boolean ended = view.exited() || over && view.end().isPresent();
        Trouble trouble = s.troubles().get(view.name());
        if (trouble != null && !over) {
            return Optional.of(new Waiting(trouble.reasonAt(s.now()), trouble.message()));
        }
        if (!ended) {
            return settled() && lost(view) ? Optional.empty() : Optional.of(notStarted(view));
        }
        return over || pod.deleting() ? Optional.empty() : crashLoop(view);
    }

    /** Whether nothing of the pod runs, or will again. */
    private boolean settled() {
        return over
                && s.observed().living().isEmpty()
                && s.busy().stream().noneMatch(key -> key.startsWith("container/"));
    }

    /**
     * Whether a container without an end counts as ended all the same, once the pod has: an app's if the pod was initialized,
     * an init container if it is the first one or a later one had its turn.
     */
    private boolean lost(ContainerView view) {
        if (view.spec().ephemeral()) {
            return false;
        }
        List<ContainerView> init = s.initContainers();
        if (view.spec().init()) {
            return init.indexOf(view) == 0
                    || init.stream().skip(init.indexOf(view)).anyMatch(PodStatuses::tried);
        }
        // Its last init container may have been done just when it was deleted
        return s.record().initialized()
                || init.stream().skip(Math.max(0, init.size() - 1)).allMatch(PodStatuses::done)
                || s.containers().stream().anyMatch(PodStatuses::tried);
    }

    private static boolean done(ContainerView init) {
        return !init.spec().sidecar() && init.succeeded();
    }

    private static boolean tried(ContainerView view) {
        return view.end().or(() -> view.record().previous()).isPresent();
    }

    private Waiting notStarted(ContainerView view) {
        Trouble podTrouble = s.troubles().get(Trouble.POD);
        if (podTrouble != null && !podTrouble.reason().isEmpty()) {
            return new Waiting(podTrouble.reason(), podTrouble.message());
        }
        boolean initializing = !pod.initContainers().isEmpty() && !s.record().initialized();
        return new Waiting(initializing ? "PodInitializing" : "ContainerCreating", "");
    }

    private Optional<Waiting> crashLoop(ContainerView view) {
        Termination end = view.end().orElseGet(Termination::unknown);
        boolean restarts = view.restarts(pod);
        boolean doneInit =
                view.spec().init() && !view.spec().sidecar() && s.record().initialized();
        if (!restarts || doneInit || !s.now().isBefore(Backoff.startAt(view.record(), end, s.now()))) {
            return Optional.empty();
        }
        if (end.reason().equals(Termination.START_ERROR) && view.record().attempt() == 0) {
            return Optional.of(new Waiting("RunContainerError", end.message()));
        }
        return Optional.of(new Waiting(
                CRASH_LOOP,
                "back-off " + pause(view) + " restarting failed container=" + view.name() + " pod=" + pod.name() + "_"
                        + pod.namespace() + "(" + pod.uid() + ")"));
    }

    private static String pause(ContainerView view) {
        long seconds = view.record().backoff().toSeconds();
        return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
    }

    private boolean started(ContainerView view) {
        boolean plainInit = view.spec().init() && !view.spec().sidecar();
        return view.running() && (plainInit || s.started().contains(view.name()));
    }

    private boolean ready(ContainerView view) {
        if (view.spec().init() && !view.spec().sidecar()) {
            return view.exited() && view.succeeded();
        }
        return !view.spec().ephemeral() && started(view) && s.passing().contains(view.name());
    }

    private static List<Object> mounts(ContainerSpec container) {
        List<Object> mounts = new ArrayList<>();
        for (Doc mount : container.volumeMounts()) {
            Map<String, Object> status = new LinkedHashMap<>();
            status.put("name", mount.text("name"));
            status.put("mountPath", mount.text("mountPath"));
            if (mount.flag(false, "readOnly")) {
                status.put("readOnly", true);
                status.put("recursiveReadOnly", "Disabled");
            }
            mounts.add(status);
        }
        return mounts;
    }

    private List<Object> conditions(List<Doc> init, List<Doc> apps) {
        return new Conditions(s, phase).of(init, apps);
    }
}
