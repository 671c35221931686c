package io.skep.kube.rest.internal.stream;

import static io.skep.kube.rest.internal.stream.QueryValues.badRequest;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which container of a pod is meant, and whether it has a log. The tunnel carries no HTTP status of the node's, so that what
 * kubelet would refuse is refused here, by the pod's status as it was last reported.
 *
 * <p>Source: Kubernetes 1.31 {@code validateContainer} in {@code pkg/registry/core/pod/strategy.go} and
 * {@code validateContainerLogStatus} in {@code pkg/kubelet/kubelet_pods.go}, whose words these are.
 */
final class PodContainers {

    private static final String TERMINATED = "terminated";
    private static final String CONTAINER_ID = "containerID";

    private PodContainers() {}

    /** The container that is named, or the only one. */
    static String choose(KubeObject pod, String named) {
        List<String> all = Stream.of("initContainers", "containers", "ephemeralContainers")
                .flatMap(list -> pod.spec().objects(list).stream())
                .map(container -> container.text("name"))
                .toList();
        if (!named.isEmpty()) {
            if (!all.contains(named)) {
                throw badRequest("container " + named + " is not valid for pod " + pod.name());
            }
            return named;
        }
        List<Doc> main = pod.spec().objects("containers");
        if (main.size() == 1) {
            return main.get(0).text("name");
        }
        String must = "a container name must be specified for pod " + pod.name();
        throw badRequest(main.isEmpty() ? must : must + ", choose one of: [" + String.join(" ", all) + "]");
    }

    /** Refuses a log that isn't there. */
    static void requireLog(KubeObject pod, String container, boolean previous) {
        Doc status = status(pod, container).orElseThrow(() -> badRequest(about(pod, container) + " is not available"));
        Doc state = status.object("state");
        boolean formerHasLog = hasLog(status.object("lastState", TERMINATED));
        if (previous) {
            if (!formerHasLog) {
                throw badRequest("previous terminated " + about(pod, container) + " not found");
            }
        } else if (!state.has("running")) {
            requireEnded(pod, container, status, formerHasLog);
        }
    }

    private static void requireEnded(KubeObject pod, String container, Doc status, boolean formerHasLog) {
        Doc state = status.object("state");
        boolean ended = state.has(TERMINATED) || status.has("lastState", TERMINATED);
        if (hasLog(state.object(TERMINATED)) || formerHasLog) {
            return;
        }
        if (ended) {
            throw badRequest(about(pod, container) + " is terminated");
        }
        if (!state.has("waiting")) {
            throw badRequest(about(pod, container) + " is waiting to start - no logs yet");
        }
        String reason = state.text("waiting", "reason");
        throw badRequest(about(pod, container) + " is waiting to start: "
                + switch (reason) {
                    case "ErrImagePull" -> "image can't be pulled";
                    case "ImagePullBackOff" -> "trying and failing to pull image";
                    default -> reason;
                });
    }

    private static boolean hasLog(Doc terminated) {
        return !terminated.text(CONTAINER_ID).isEmpty();
    }

    private static String about(KubeObject pod, String container) {
        return "container \"" + container + "\" in pod \"" + pod.name() + "\"";
    }

    private static Optional<Doc> status(KubeObject pod, String container) {
        return Stream.of("containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses")
                .flatMap(list -> pod.status().objects(list).stream())
                .filter(status -> status.text("name").equals(container))
                .findFirst();
    }
}
