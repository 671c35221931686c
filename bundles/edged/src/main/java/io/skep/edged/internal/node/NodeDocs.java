package io.skep.edged.internal.node;

import io.skep.edged.internal.pressure.Pressure;
import io.skep.kube.api.Doc;
import io.skep.kube.api.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The Node object and its status, out of measurements; a pure function.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/nodestatus/setters.go}; labels, reasons and
 * words as a recorded EdgeCore v1.22.1 sends them.
 */
final class NodeDocs {

    private static final String KUBELET_VERSION = "v1.31.12-kubeedge-v1.22.1";

    private NodeDocs() {}

    /**
     * What is known of the node at one moment.
     *
     * @param identity who it is
     * @param addresses the primary one first
     * @param machine what it is
     * @param load how it fares
     * @param runtime the default runtime as {@code name://version}, {@code ""} when none is ready
     * @param runtimeTrouble why none is ready, {@code ""} when one is
     * @param pressures what it is short of
     * @param allotment what of it is for pods
     */
    record View(
            Identity identity,
            List<String> addresses,
            Machine.Facts machine,
            Machine.Load load,
            String runtime,
            String runtimeTrouble,
            Set<Pressure> pressures,
            Allotment allotment) {}

    /** Those the node gives itself. */
    static Map<String, String> labels(Identity identity, Machine.Facts machine) {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("beta.kubernetes.io/arch", machine.architecture());
        labels.put("beta.kubernetes.io/os", "linux");
        labels.put("kubernetes.io/arch", machine.architecture());
        labels.put("kubernetes.io/hostname", identity.name());
        labels.put("kubernetes.io/os", "linux");
        labels.put("node-role.kubernetes.io/agent", "");
        labels.put("node-role.kubernetes.io/edge", "");
        labels.putAll(identity.labels());
        return labels;
    }

    /**
     * What registers the node. It alone names the kubelet's port: CloudCore then puts its tunnel's there, and the API server
     * finds logs and commands by that one.
     */
    static Doc node(View view, Doc status) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("name", view.identity().name());
        metadata.put("creationTimestamp", null);
        metadata.put("labels", labels(view.identity(), view.machine()));
        metadata.put("annotations", Map.of("volumes.kubernetes.io/controller-managed-attach-detach", "true"));
        Map<String, Object> node = new LinkedHashMap<>();
        node.put("metadata", metadata);
        node.put("spec", Map.of());
        node.put(
                "status",
                status.with(view.identity().kubeletPort(), "daemonEndpoints", "kubeletEndpoint", "Port")
                        .asMap());
        return Doc.of(node);
    }

    static Doc status(View view, Doc before, Instant now) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("capacity", capacity(view));
        status.put("allocatable", allocatable(view));
        status.put("conditions", conditions(view, before, now));
        List<Object> addresses = new ArrayList<>();
        view.addresses().forEach(ip -> addresses.add(Map.of("type", "InternalIP", "address", ip)));
        addresses.add(Map.of("type", "Hostname", "address", view.identity().name()));
        status.put("addresses", addresses);
        status.put("nodeInfo", info(view));
        return Doc.of(status);
    }

    /** The patch that makes the cloud's status this one, whatever it is. */
    static Doc patch(Doc status) {
        Map<String, Object> patch = new LinkedHashMap<>();
        patch.put(
                "$setElementOrder/conditions",
                status.objects("conditions").stream()
                        .map(c -> Map.of("type", c.text("type")))
                        .toList());
        patch.putAll(status.asMap());
        return Doc.of(Map.of("status", patch));
    }

    /** The status without its heartbeats: equal as long as nothing has changed that matters. */
    static Doc essence(Doc status) {
        List<Object> conditions = status.objects("conditions").stream()
                .map(c -> (Object) c.without("lastHeartbeatTime").asMap())
                .toList();
        return status.with(conditions, "conditions");
    }

    private static Map<String, Object> capacity(View view) {
        Map<String, Object> capacity = new LinkedHashMap<>();
        capacity.put("cpu", Integer.toString(view.machine().cpus()));
        capacity.put("ephemeral-storage", (view.load().diskBytes() >> 10) + "Ki");
        capacity.put("memory", (view.load().memoryBytes() >> 10) + "Ki");
        capacity.put("pods", Integer.toString(view.allotment().maxPods()));
        return capacity;
    }

    private static Map<String, Object> allocatable(View view) {
        Map<String, Object> allocatable = new LinkedHashMap<>(capacity(view));
        long millis = view.allotment().cpuMillis(view.machine());
        allocatable.put("cpu", millis % 1000 == 0 ? Long.toString(millis / 1000) : millis + "m");
        allocatable.put("ephemeral-storage", Long.toString(view.allotment().diskBytes(view.load())));
        allocatable.put("memory", (view.allotment().memoryBytes(view.load()) >> 10) + "Ki");
        return allocatable;
    }

    private static Map<String, Object> info(View view) {
        Machine.Facts machine = view.machine();
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("machineID", machine.machineId());
        info.put("systemUUID", machine.machineId());
        info.put("bootID", machine.bootId());
        info.put("kernelVersion", machine.kernel());
        info.put("osImage", machine.osImage());
        info.put("containerRuntimeVersion", view.runtime());
        info.put("kubeletVersion", KUBELET_VERSION);
        info.put("kubeProxyVersion", "");
        info.put("operatingSystem", "linux");
        info.put("architecture", machine.architecture());
        return info;
    }

    private static List<Object> conditions(View view, Doc before, Instant now) {
        boolean memory = view.pressures().contains(Pressure.MEMORY);
        boolean disk = view.pressures().contains(Pressure.DISK);
        boolean pids = view.pressures().contains(Pressure.PID);
        Conditions conditions = new Conditions(before, now);
        conditions.add(
                "MemoryPressure",
                memory,
                memory ? "KubeletHasInsufficientMemory" : "KubeletHasSufficientMemory",
                memory ? "kubelet has insufficient memory available" : "kubelet has sufficient memory available");
        conditions.add(
                "DiskPressure",
                disk,
                disk ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure",
                disk ? "kubelet has disk pressure" : "kubelet has no disk pressure");
        conditions.add(
                "PIDPressure",
                pids,
                pids ? "KubeletHasInsufficientPID" : "KubeletHasSufficientPID",
                pids ? "kubelet has insufficient PID available" : "kubelet has sufficient PID available");
        boolean ready = view.runtimeTrouble().isEmpty();
        conditions.add(
                "Ready",
                ready,
                ready ? "EdgeReady" : "KubeletNotReady",
                ready ? "edge is posting ready status" : view.runtimeTrouble());
        return conditions.list;
    }

    /** Conditions under construction. */
    private static final class Conditions {
        private final Doc before;
        private final String now;
        private final List<Object> list = new ArrayList<>();

        Conditions(Doc before, Instant now) {
            this.before = before;
            this.now = Times.format(now);
        }

        void add(String type, boolean holds, String reason, String message) {
            String status = holds ? "True" : "False";
            String since = before.objects("conditions").stream()
                    .filter(c -> c.text("type").equals(type) && c.text("status").equals(status))
                    .map(c -> c.text("lastTransitionTime"))
                    .findFirst()
                    .orElse(now);
            Map<String, Object> condition = new LinkedHashMap<>();
            condition.put("type", type);
            condition.put("status", status);
            condition.put("lastHeartbeatTime", now);
            condition.put("lastTransitionTime", since);
            condition.put("reason", reason);
            condition.put("message", message);
            list.add(condition);
        }
    }
}
