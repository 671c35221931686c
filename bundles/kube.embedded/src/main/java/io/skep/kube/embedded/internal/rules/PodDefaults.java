package io.skep.kube.embedded.internal.rules;

import io.skep.kube.api.KubeObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a pod gets that does not say it.
 *
 * <p>Source: Kubernetes {@code pkg/apis/core/v1/defaults.go} and {@code conversion.go}; the service account, priority and
 * toleration admission plug-ins.
 */
final class PodDefaults {

    private static final List<String> CONTAINER_LISTS = List.of("initContainers", "containers", "ephemeralContainers");
    private static final List<String> PROBES = List.of("livenessProbe", "readinessProbe", "startupProbe");
    private static final List<String> MODED_VOLUMES = List.of("configMap", "secret", "downwardAPI", "projected");
    private static final Map<String, Integer> PRIORITIES =
            Map.of("system-node-critical", 2_000_001_000, "system-cluster-critical", 2_000_000_000);

    private static final int DEFAULT_MODE = 0644;
    private static final int GRACE_SECONDS = 30;
    private static final int TOLERATION_SECONDS = 300;
    private static final int TOKEN_SECONDS = 3600;

    private PodDefaults() {}

    static KubeObject fill(KubeObject pod) {
        Tree tree = Tree.copyOf(pod.doc());
        Tree spec = tree.child("spec");
        spec.list("volumes").forEach(PodDefaults::volume);
        boolean hostNetwork = spec.flag("hostNetwork");
        for (String list : CONTAINER_LISTS) {
            spec.list(list).forEach(container -> container(container, hostNetwork));
        }
        spec.orElse("restartPolicy", "Always");
        spec.orElse("terminationGracePeriodSeconds", GRACE_SECONDS);
        if (spec.fields().get("terminationGracePeriodSeconds") instanceof Number grace && grace.longValue() < 0) {
            spec.put("terminationGracePeriodSeconds", 1);
        }
        spec.orElse("dnsPolicy", "ClusterFirst");
        spec.child("securityContext");
        spec.orElse("schedulerName", "default-scheduler");
        spec.orElse("enableServiceLinks", true);
        account(spec, spec.text("serviceAccount"));
        admit(spec);
        return KubeObject.of(tree.fields());
    }

    /**
     * What admission adds to a new pod and to a changed one, so that a writer who does not know of it may leave it out: as
     * {@code kubectl apply} does, which sends a list of tolerations as a whole.
     */
    private static void admit(Tree spec) {
        spec.orElse("priority", PRIORITIES.getOrDefault(spec.text("priorityClassName"), 0));
        spec.orElse("preemptionPolicy", "PreemptLowerPriority");
        tolerate(spec, "node.kubernetes.io/not-ready");
        tolerate(spec, "node.kubernetes.io/unreachable");
    }

    /** The account's name stands under its older field too. */
    private static void account(Tree spec, String fallback) {
        String name = spec.text("serviceAccountName").isEmpty() ? fallback : spec.text("serviceAccountName");
        if (!name.isEmpty()) {
            spec.put("serviceAccountName", name);
            spec.put("serviceAccount", name);
        }
    }

    /**
     * What admission adds to a new pod only. Not the volume {@code kube-api-access}: this API listens on the cloud's loopback, so
     * that a pod on a node could do nothing with its token, while the pod would have to wait for the cloud at its first start,
     * and each plain process would lose sight of what others write into {@code /run}. Pods that come with one get it.
     */
    static KubeObject begin(KubeObject pod) {
        Tree tree = Tree.copyOf(pod.doc());
        Tree spec = tree.child("spec");
        account(spec, "default");
        tree.put("status", status(pod));
        return KubeObject.of(tree.fields());
    }

    private static Map<String, Object> status(KubeObject pod) {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("phase", "Pending");
        status.put("qosClass", QosClass.of(pod.spec()));
        if (SchedulingGates.areIn(pod.spec())) {
            status.put("conditions", List.of(SchedulingGates.condition()));
        }
        return status;
    }

    /** Kept as the real server writes it; nothing here ever evicts. */
    private static void tolerate(Tree spec, String taint) {
        boolean tolerated = spec.list("tolerations").stream()
                .anyMatch(t -> (t.text("key").equals(taint) || t.text("key").isEmpty())
                        && (t.text("effect").equals("NoExecute")
                                || t.text("effect").isEmpty()));
        if (!tolerated) {
            Map<String, Object> toleration = new LinkedHashMap<>();
            toleration.put("key", taint);
            toleration.put("operator", "Exists");
            toleration.put("effect", "NoExecute");
            toleration.put("tolerationSeconds", TOLERATION_SECONDS);
            spec.append("tolerations", toleration);
        }
    }

    private static void container(Tree container, boolean hostNetwork) {
        container.orElse("terminationMessagePath", "/dev/termination-log");
        container.orElse("terminationMessagePolicy", "File");
        container.orElse("imagePullPolicy", pullPolicy(container.text("image")));
        Tree resources = container.child("resources");
        resources.ifHas(
                "limits",
                limits -> limits.fields()
                        .forEach((resource, amount) ->
                                resources.child("requests").orElse(resource, amount)));
        for (Tree port : container.list("ports")) {
            port.orElse("protocol", "TCP");
            if (hostNetwork) {
                port.orElse("hostPort", port.fields().get("containerPort"));
            }
        }
        for (Tree env : container.list("env")) {
            env.ifHas("valueFrom", from -> from.ifHas("fieldRef", ref -> ref.orElse("apiVersion", "v1")));
        }
        PROBES.forEach(name -> container.ifHas(name, PodDefaults::probe));
        container.ifHas("lifecycle", lifecycle -> {
            lifecycle.ifHas("postStart", PodDefaults::handler);
            lifecycle.ifHas("preStop", PodDefaults::handler);
        });
    }

    /** {@code latest}, said or not, is always pulled. */
    private static String pullPolicy(String image) {
        String name = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = !name.contains("@") && (!name.contains(":") || name.endsWith(":latest"));
        return latest ? "Always" : "IfNotPresent";
    }

    private static void probe(Tree probe) {
        handler(probe);
        probe.ifHas("grpc", grpc -> grpc.orElse("service", ""));
        atLeastOne(probe, "timeoutSeconds", 1);
        atLeastOne(probe, "periodSeconds", 10);
        atLeastOne(probe, "successThreshold", 1);
        atLeastOne(probe, "failureThreshold", 3);
    }

    private static void atLeastOne(Tree probe, String field, int fallback) {
        if (!(probe.fields().get(field) instanceof Number n) || n.longValue() == 0) {
            probe.put(field, fallback);
        }
    }

    private static void handler(Tree handler) {
        handler.ifHas("httpGet", get -> {
            get.orElse("path", "/");
            get.orElse("scheme", "HTTP");
        });
    }

    private static void volume(Tree volume) {
        if (volume.fields().keySet().stream().noneMatch(f -> !f.equals("name"))) {
            volume.child("emptyDir");
        }
        MODED_VOLUMES.forEach(type -> volume.ifHas(type, v -> v.orElse("defaultMode", DEFAULT_MODE)));
        volume.ifHas("hostPath", path -> path.orElse("type", ""));
        volume.ifHas("downwardAPI", PodDefaults::fieldRefs);
        volume.ifHas(
                "projected",
                projected -> projected.list("sources").forEach(source -> {
                    source.ifHas("downwardAPI", PodDefaults::fieldRefs);
                    source.ifHas("serviceAccountToken", token -> token.orElse("expirationSeconds", TOKEN_SECONDS));
                }));
    }

    private static void fieldRefs(Tree downwardApi) {
        downwardApi.list("items").forEach(item -> item.ifHas("fieldRef", ref -> ref.orElse("apiVersion", "v1")));
    }
}
