package io.skep.runtime.api;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a sandbox is to be.
 *
 * @param podName the pod's name
 * @param podNamespace the pod's namespace
 * @param podUid the pod's uid
 * @param attempt how often this pod was given a sandbox before
 * @param hostname the host name inside
 * @param logDirectory where the container's logs go, one folder a pod
 * @param labels found again in {@link PodSandboxStatus}
 * @param annotations found again in {@link PodSandboxStatus}
 * @param runtimeHandler handler inside the runtime, {@code ""} for its default
 * @param cgroupParent cgroup of the pod, {@code ""} when limits are not kept
 * @param hostNetwork whether the pod lives in the node's network
 * @param dns servers, search domains and options, or empty for the node's own
 */
public record PodSandboxConfig(
        String podName,
        String podNamespace,
        String podUid,
        int attempt,
        String hostname,
        Path logDirectory,
        Map<String, String> labels,
        Map<String, String> annotations,
        String runtimeHandler,
        String cgroupParent,
        boolean hostNetwork,
        Optional<DnsConfig> dns) {

    public PodSandboxConfig {
        Objects.requireNonNull(podName, "podName");
        Objects.requireNonNull(podNamespace, "podNamespace");
        Objects.requireNonNull(podUid, "podUid");
        Objects.requireNonNull(hostname, "hostname");
        Objects.requireNonNull(logDirectory, "logDirectory");
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        Objects.requireNonNull(runtimeHandler, "runtimeHandler");
        Objects.requireNonNull(cgroupParent, "cgroupParent");
        Objects.requireNonNull(dns, "dns");
    }
}
