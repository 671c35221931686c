package io.skep.runtime.api;

import io.skep.runtime.api.ContainerConfig.Resources;
import java.nio.file.Path;
import java.util.List;
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
 * @param runtimeHandler handler inside the runtime, {@code ""} for its default; one it has not got is refused by its name
 * @param cgroupParent cgroup of the pod below the runtime's own, as {@code burstable/pod<uid>}; {@code ""} for none
 * @param hostNetwork whether the pod lives in the node's network
 * @param dns servers, search domains and options, or empty for the node's own
 * @param sharing what the pod shares with the node beyond its network, and its containers with each other
 * @param ports ports of the node that lead into the pod; of no use in the node's network
 * @param resources what the pod as a whole may use, kept by its cgroup
 * @param sysctls settings of the kernel in the pod's own namespaces, their names with dots; refused where it has none
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
        Optional<DnsConfig> dns,
        Sharing sharing,
        List<PortMapping> ports,
        Resources resources,
        Map<String, String> sysctls) {

    /**
     * What is not the pod's, or the container's, own.
     *
     * @param hostPid the pod sees the node's processes
     * @param hostIpc the pod uses the node's IPC
     * @param sharedPid the pod's containers see each other's processes
     * @param privileged whether a container of it may be privileged
     */
    public record Sharing(boolean hostPid, boolean hostIpc, boolean sharedPid, boolean privileged) {
        public static final Sharing NONE = new Sharing(false, false, false, false);
    }

    /**
     * One port of the node that leads into the pod.
     *
     * @param protocol {@code TCP}, {@code UDP} or {@code SCTP}
     * @param containerPort port in the pod
     * @param hostPort port of the node
     * @param hostIp address of the node, {@code ""} for all
     */
    public record PortMapping(String protocol, int containerPort, int hostPort, String hostIp) {
        public PortMapping {
            Objects.requireNonNull(protocol, "protocol");
            Objects.requireNonNull(hostIp, "hostIp");
        }
    }

    /** A pod with the kernel's settings as they are. */
    public PodSandboxConfig(
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
            Optional<DnsConfig> dns,
            Sharing sharing,
            List<PortMapping> ports,
            Resources resources) {
        this(
                podName,
                podNamespace,
                podUid,
                attempt,
                hostname,
                logDirectory,
                labels,
                annotations,
                runtimeHandler,
                cgroupParent,
                hostNetwork,
                dns,
                sharing,
                ports,
                resources,
                Map.of());
    }

    /** A pod without limits as a whole. */
    public PodSandboxConfig(
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
            Optional<DnsConfig> dns,
            Sharing sharing,
            List<PortMapping> ports) {
        this(
                podName,
                podNamespace,
                podUid,
                attempt,
                hostname,
                logDirectory,
                labels,
                annotations,
                runtimeHandler,
                cgroupParent,
                hostNetwork,
                dns,
                sharing,
                ports,
                Resources.NONE);
    }

    /** A pod that shares nothing but perhaps the node's network, and has no ports of the node. */
    public PodSandboxConfig(
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
        this(
                podName,
                podNamespace,
                podUid,
                attempt,
                hostname,
                logDirectory,
                labels,
                annotations,
                runtimeHandler,
                cgroupParent,
                hostNetwork,
                dns,
                Sharing.NONE,
                List.of());
    }

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
        Objects.requireNonNull(sharing, "sharing");
        ports = List.copyOf(ports);
        Objects.requireNonNull(resources, "resources");
        sysctls = Map.copyOf(sysctls);
    }
}
