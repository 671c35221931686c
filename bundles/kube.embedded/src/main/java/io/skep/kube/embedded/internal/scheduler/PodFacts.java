package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.HashSet;
import java.util.Set;

/**
 * What of a pod matters to the scheduler.
 *
 * @param uid tells a pod from an earlier one of its name
 * @param node where it runs, {@code ""} when nobody has decided
 * @param requests what it asks for
 * @param hostPorts the node's ports it takes, as {@code TCP/80}
 */
record PodFacts(String uid, String node, Resources requests, Set<String> hostPorts) {

    private static final String NAME = "default-scheduler";

    static PodFacts of(KubeObject pod) {
        Set<String> ports = new HashSet<>();
        for (Doc container : pod.spec().objects("containers")) {
            for (Doc port : container.objects("ports")) {
                if (port.number(0, "hostPort") > 0) {
                    ports.add(port.text("protocol") + "/" + port.text("hostPort"));
                }
            }
        }
        return new PodFacts(pod.uid(), pod.spec().text("nodeName"), Resources.requestedBy(pod.spec()), ports);
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
