package io.skep.edged.internal.spec;

import io.skep.core.api.message.ResourceVersions;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A pod as the cloud wants it: typed access to its document, with Kubernetes' defaults where a field is absent. */
public record Pod(KubeObject object) {

    private static final long DEFAULT_GRACE_SECONDS = 30;
    private static final String CLUSTER_DOMAIN = "cluster.local";

    /** From this priority on a pod is critical. */
    private static final long CRITICAL = 2_000_000_000;

    /** Linux' own limit. */
    private static final int MOST_HOSTNAME = 64;

    /** Reads the document of a pod. */
    public static Pod of(Doc doc) {
        return new Pod(new KubeObject(doc));
    }

    public String uid() {
        return object.uid();
    }

    public String name() {
        return object.name();
    }

    public String namespace() {
        return object.namespace().isEmpty() ? "default" : object.namespace();
    }

    /** {@code namespace/name}, as operators read it. */
    public String key() {
        return namespace() + "/" + name();
    }

    /** Whether this is an older state of the same object than {@code other}; false when their versions are no numbers. */
    public boolean olderThan(Pod other) {
        return ResourceVersions.order(object.resourceVersion(), other.object.resourceVersion())
                        .orElse(0)
                < 0;
    }

    /** The wire's resource string of one kind of message about this pod. */
    public String resource(String type) {
        return namespace() + "/" + type + "/" + name();
    }

    public Doc spec() {
        return object.spec();
    }

    public List<ContainerSpec> initContainers() {
        return spec().objects("initContainers").stream()
                .map(doc -> new ContainerSpec(doc, true))
                .toList();
    }

    public List<ContainerSpec> containers() {
        return spec().objects("containers").stream()
                .map(doc -> new ContainerSpec(doc, false))
                .toList();
    }

    /** Containers added to look into the running pod. */
    public List<ContainerSpec> ephemeralContainers() {
        return spec().objects("ephemeralContainers").stream()
                .map(doc -> new ContainerSpec(doc, false, true))
                .toList();
    }

    /** Init containers, then app containers, then ephemeral ones. */
    public List<ContainerSpec> allContainers() {
        return Stream.of(initContainers(), containers(), ephemeralContainers())
                .flatMap(List::stream)
                .toList();
    }

    public Optional<ContainerSpec> container(String name) {
        return allContainers().stream().filter(c -> c.name().equals(name)).findFirst();
    }

    public RestartPolicy restartPolicy() {
        return RestartPolicy.of(spec().text("restartPolicy"));
    }

    /** The policy of one container: a sidecar always runs, an ordinary init container runs until it succeeds. */
    public RestartPolicy restartPolicy(ContainerSpec container) {
        if (container.ephemeral()) {
            return RestartPolicy.NEVER;
        }
        if (container.sidecar()) {
            return RestartPolicy.ALWAYS;
        }
        boolean untilSuccess = container.init() && restartPolicy() == RestartPolicy.ALWAYS;
        return untilSuccess ? RestartPolicy.ON_FAILURE : restartPolicy();
    }

    /** Whether its deletion was asked for. */
    public boolean deleting() {
        return object.deletionTimestamp().isPresent();
    }

    /** How long its containers get to end: what the deletion says, else what the pod says; a negative one is one second. */
    public Duration grace() {
        long own = spec().number(DEFAULT_GRACE_SECONDS, "terminationGracePeriodSeconds");
        long grace = object.doc().number(own, "metadata", "deletionGracePeriodSeconds");
        return Duration.ofSeconds(grace < 0 ? 1 : grace);
    }

    /** How long the pod may be active, if that is limited. */
    public Optional<Duration> activeDeadline() {
        return spec().has("activeDeadlineSeconds")
                ? Optional.of(Duration.ofSeconds(spec().number(0, "activeDeadlineSeconds")))
                : Optional.empty();
    }

    public boolean hostNetwork() {
        return spec().flag(false, "hostNetwork");
    }

    /** While the node is short, the pods of a lower one go first. */
    public long priority() {
        return spec().number(0, "priority");
    }

    /**
     * Whether its priority says that the node can't do without it; static pods are critical whatever it is.
     *
     * <p>Source: Kubernetes {@code pkg/kubelet/types/pod_update.go}.
     */
    public boolean critical() {
        return priority() >= CRITICAL;
    }

    public String runtimeClassName() {
        return spec().text("runtimeClassName");
    }

    public String serviceAccountName() {
        String name = spec().text("serviceAccountName");
        return name.isEmpty() ? "default" : name;
    }

    /** The host name inside: the short one, or the full one where the pod asks for that and it fits. */
    public String hostname() {
        return spec().flag(false, "setHostnameAsFQDN")
                ? fqdn().filter(full -> full.length() <= MOST_HOSTNAME).orElseGet(this::shortHostname)
                : shortHostname();
    }

    /** Its full name in the cluster's domain, for a pod with a {@code subdomain}. */
    public Optional<String> fqdn() {
        String subdomain = spec().text("subdomain");
        return subdomain.isEmpty()
                ? Optional.empty()
                : Optional.of(shortHostname() + "." + subdomain + "." + namespace() + ".svc." + CLUSTER_DOMAIN);
    }

    /** Its name without a domain, at most 63 characters as DNS has it. */
    public String shortHostname() {
        String name = spec().text("hostname").isEmpty() ? name() : spec().text("hostname");
        String cut = name.length() > 63 ? name.substring(0, 63) : name;
        return cut.replaceAll("[-.]+$", "");
    }

    public List<Doc> volumes() {
        return spec().objects("volumes");
    }

    public Optional<Doc> volume(String name) {
        return volumes().stream().filter(v -> v.text("name").equals(name)).findFirst();
    }

    /** The labels by which a runtime's sandbox is found to be this pod's. */
    public Map<String, String> runtimeLabels() {
        Map<String, String> labels = new LinkedHashMap<>(object.labels());
        labels.put("io.kubernetes.pod.name", name());
        labels.put("io.kubernetes.pod.namespace", namespace());
        labels.put("io.kubernetes.pod.uid", uid());
        return labels;
    }

    /** Quality of service by Kubernetes' rule: {@code Guaranteed}, {@code Burstable} or {@code BestEffort}. */
    public String qosClass() {
        boolean any = false;
        boolean guaranteed = true;
        List<ContainerSpec> counted =
                allContainers().stream().filter(c -> !c.ephemeral()).toList();
        for (ContainerSpec container : counted) {
            for (String resource : List.of("cpu", "memory")) {
                Optional<Long> request = container.amount("requests", resource);
                Optional<Long> limit = container.amount("limits", resource);
                any |= request.isPresent() || limit.isPresent();
                guaranteed &= limit.isPresent() && request.orElse(limit.get()).equals(limit.get());
            }
        }
        return !any ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    /** The names of the container mounts' volumes that no volume is declared for; empty for a sound pod. */
    public List<String> undeclaredVolumes() {
        List<String> missing = new ArrayList<>();
        for (ContainerSpec container : allContainers()) {
            for (Doc mount : container.volumeMounts()) {
                if (volume(mount.text("name")).isEmpty()) {
                    missing.add(mount.text("name"));
                }
            }
        }
        return missing;
    }
}
