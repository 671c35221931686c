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

/** The conditions of a pod, in EdgeCore's order; a transition time moves only with the status. */
final class Conditions {

    private final Situation s;
    private final Phase phase;

    Conditions(Situation situation, Phase phase) {
        s = situation;
        this.phase = phase;
    }

    List<Object> of(List<Doc> init, List<Doc> apps) {
        List<Object> conditions = new ArrayList<>();
        boolean sandbox = s.observed().readySandbox().isPresent() && !phase.terminal();
        conditions.add(condition("PodReadyToStartContainers", sandbox, "", ""));
        conditions.add(initialized(init));
        Unready unready = unready(init, apps);
        Unready gates = unready.reason().isEmpty() ? closedGates() : unready;
        conditions.add(condition("Ready", gates.reason().isEmpty(), gates.reason(), gates.message()));
        conditions.add(condition("ContainersReady", unready.reason().isEmpty(), unready.reason(), unready.message()));
        conditions.add(condition("PodScheduled", true, "", ""));
        if (s.record().disrupted()) {
            conditions.add(condition(
                    "DisruptionTarget", true, "TerminationByKubelet", s.record().failureMessage()));
        }
        return conditions;
    }

    private record Unready(String reason, String message) {}

    private Object initialized(List<Doc> init) {
        if (phase == Phase.SUCCEEDED) {
            return condition("Initialized", true, "PodCompleted", "");
        }
        List<String> incomplete = s.record().initialized()
                ? List.of()
                : init.stream()
                        .filter(status -> !done(status))
                        .map(status -> status.text("name"))
                        .toList();
        return incomplete.isEmpty()
                ? condition("Initialized", true, "", "")
                : condition(
                        "Initialized",
                        false,
                        "ContainersNotInitialized",
                        "containers with incomplete status: " + names(incomplete));
    }

    private boolean done(Doc status) {
        return s.pod()
                        .container(status.text("name"))
                        .filter(ContainerSpec::sidecar)
                        .isPresent()
                ? status.flag(false, "started")
                : status.flag(false, "ready");
    }

    private Unready unready(List<Doc> init, List<Doc> apps) {
        if (phase == Phase.SUCCEEDED) {
            return new Unready("PodCompleted", "");
        }
        if (phase == Phase.FAILED) {
            return new Unready("PodFailed", "");
        }
        List<String> names = new ArrayList<>();
        Pod pod = s.pod();
        for (Doc status : init) {
            boolean sidecar = pod.container(status.text("name"))
                    .filter(ContainerSpec::sidecar)
                    .isPresent();
            if (sidecar && !status.flag(false, "ready")) {
                names.add(status.text("name"));
            }
        }
        apps.stream().filter(status -> !status.flag(false, "ready")).forEach(status -> names.add(status.text("name")));
        return names.isEmpty()
                ? new Unready("", "")
                : new Unready("ContainersNotReady", "containers with unready status: " + names(names));
    }

    /** Readiness gates are conditions others set on the object. */
    private Unready closedGates() {
        List<String> closed = new ArrayList<>();
        for (Doc gate : s.pod().spec().objects("readinessGates")) {
            String type = gate.text("conditionType");
            Optional<Doc> condition = find(s.pod().object().status(), type);
            if (condition.isEmpty()) {
                closed.add("corresponding condition of pod readiness gate \"" + type + "\" does not exist.");
            } else if (!condition.get().text("status").equals("True")) {
                closed.add("the status of pod readiness gate \"" + type + "\" is not \"True\", but "
                        + condition.get().text("status"));
            }
        }
        return closed.isEmpty()
                ? new Unready("", "")
                : new Unready("ReadinessGatesNotReady", String.join(", ", closed));
    }

    private Object condition(String type, boolean holds, String reason, String message) {
        String status = holds ? "True" : "False";
        String since = find(s.record().status(), type)
                .filter(old -> old.text("status").equals(status))
                .map(old -> old.text("lastTransitionTime"))
                .orElseGet(() -> Times.format(s.now()));
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", type);
        condition.put("status", status);
        condition.put("lastProbeTime", null);
        condition.put("lastTransitionTime", since);
        if (!reason.isEmpty()) {
            condition.put("reason", reason);
        }
        if (!message.isEmpty()) {
            condition.put("message", message);
        }
        return condition;
    }

    private static Optional<Doc> find(Doc status, String type) {
        return status.objects("conditions").stream()
                .filter(c -> c.text("type").equals(type))
                .findFirst();
    }

    private static String names(List<String> names) {
        return "[" + String.join(" ", names) + "]";
    }
}
