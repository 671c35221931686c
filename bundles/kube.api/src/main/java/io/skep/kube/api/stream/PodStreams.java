package io.skep.kube.api.stream;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Opens streams to nodes. Thread-safe; no call blocks. Both fail with a {@link io.skep.kube.api.KubeException}: with
 * {@code ServiceUnavailable} when there is no way to the node, with {@code TooManyRequests} when too many streams are open.
 */
@ProviderType
public interface PodStreams {

    /**
     * Opens a container's log, kubelet's {@code /containerLogs/<namespace>/<pod>/<container>}. The bytes are the log alone;
     * kubelet's HTTP status does not come along.
     */
    PodStream logs(String node, KubeletRequest request, PodStreamListener listener);

    /**
     * Runs a command, kubelet's {@code /exec/<namespace>/<pod>/<container>}. The bytes are those of kubelet's connection, its
     * HTTP response included, whether it switches protocols or refuses.
     */
    PodStream exec(String node, KubeletRequest request, PodStreamListener listener);
}
