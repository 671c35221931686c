package io.skep.runtime.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a sandbox is to be.
 *
 * @param metadata whose it is
 * @param hostname the host name inside
 * @param logDirectory where the container's logs go, one folder a pod
 * @param labels found again in {@link PodSandboxStatus}
 * @param annotations found again in {@link PodSandboxStatus}
 * @param runtimeHandler handler inside the runtime, {@code ""} for its default; one it has not got is refused by its name
 * @param network how it is reached and finds others
 * @param linux its cgroup, and what it shares
 */
public record PodSandboxConfig(
        Metadata metadata,
        String hostname,
        Path logDirectory,
        Map<String, String> labels,
        Map<String, String> annotations,
        String runtimeHandler,
        Network network,
        Linux linux) {

    public PodSandboxConfig {
        Objects.requireNonNull(metadata, "metadata");
        Objects.requireNonNull(hostname, "hostname");
        Objects.requireNonNull(logDirectory, "logDirectory");
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        Objects.requireNonNull(runtimeHandler, "runtimeHandler");
        Objects.requireNonNull(network, "network");
        Objects.requireNonNull(linux, "linux");
    }

    /**
     * Whose sandbox it is.
     *
     * @param name the pod's name
     * @param namespace the pod's namespace
     * @param uid the pod's uid
     * @param attempt how often this pod was given a sandbox before
     */
    public record Metadata(String name, String namespace, String uid, int attempt) {
        public Metadata {
            Objects.requireNonNull(name, "name");
            Objects.requireNonNull(namespace, "namespace");
            Objects.requireNonNull(uid, "uid");
        }
    }

    /**
     * How the pod is reached and finds others.
     *
     * @param host whether the pod lives in the node's network
     * @param dns servers, search domains and options, or empty for the node's own
     * @param ports ports of the node that lead into the pod; of no use in the node's network
     */
    public record Network(boolean host, Optional<DnsConfig> dns, List<PortMapping> ports) {

        /** The node's network. */
        public static final Network HOST = new Network(true, Optional.empty(), List.of());

        /** One of the pod's own, which no port of the node leads into. */
        public static final Network POD = new Network(false, Optional.empty(), List.of());

        public Network {
            Objects.requireNonNull(dns, "dns");
            ports = List.copyOf(ports);
        }
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

    /**
     * The pod's cgroup, and what it shares with the node.
     *
     * @param cgroupParent cgroup of the pod below the runtime's own, as {@code burstable/pod<uid>}; {@code ""} for none
     * @param sharing what the pod shares with the node beyond its network, and its containers with each other
     * @param resources what the pod as a whole may use, kept by its cgroup
     * @param sysctls settings of the kernel in the pod's own namespaces, their names with dots; refused where it has none
     */
    public record Linux(String cgroupParent, Sharing sharing, Resources resources, Map<String, String> sysctls) {

        /** No cgroup, nothing shared, no limits, the kernel's settings as they are. */
        public static final Linux DEFAULT = new Linux("", Sharing.NONE, Resources.NONE, Map.of());

        public Linux {
            Objects.requireNonNull(cgroupParent, "cgroupParent");
            Objects.requireNonNull(sharing, "sharing");
            Objects.requireNonNull(resources, "resources");
            sysctls = Map.copyOf(sysctls);
        }
    }

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
}
