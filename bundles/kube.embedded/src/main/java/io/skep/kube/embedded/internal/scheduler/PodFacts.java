package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.HostPort;
import io.skep.kube.api.KubeObject;
import java.util.List;

/**
 * What of a pod matters to the scheduler.
 *
 * @param uid tells a pod from an earlier one of its name
 * @param node where it runs, {@code ""} when nobody has decided
 * @param requests what it asks for
 * @param hostPorts the node's ports it takes
 */
record PodFacts(String uid, String node, Resources requests, List<HostPort> hostPorts) {

    private static final String NAME = "default-scheduler";

    static PodFacts of(KubeObject pod) {
        return new PodFacts(
                pod.uid(), pod.spec().text("nodeName"), Resources.requestedBy(pod.spec()), HostPort.of(pod.spec()));
    }

    PodFacts on(String value) {
        return new PodFacts(uid, value, requests, hostPorts);
    }

    /** Whether it uses what it asked for. */
    static boolean isOver(KubeObject pod) {
        String phase = pod.status().text("phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Whether this scheduler is to find a node for it. */
    static boolean waits(KubeObject pod) {
        return pod.spec().text("nodeName").isEmpty()
                && pod.spec().text("schedulerName").equals(NAME)
                && pod.spec().items("schedulingGates").isEmpty()
                && pod.deletionTimestamp().isEmpty()
                && !isOver(pod);
    }
}
