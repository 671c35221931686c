package io.skep.edged.internal.pod;

import io.skep.kube.api.Doc;
import java.util.List;

/**
 * What the cloud shows as a pod's status, beside what it was sent. Others write it too: Kubernetes' node controller marks
 * the pods of a node that it misses as not ready, and leaves it to the node to take that back.
 *
 * <p>Source: kubelet {@code pkg/kubelet/status/status_manager.go}, {@code needsReconcile}.
 */
final class CloudStatus {

    private CloudStatus() {}

    /** Whether it differs in what somebody acts on; never before there is anything on either side. */
    static boolean differs(Doc shown, Doc sent) {
        if (shown.isEmpty() || sent.isEmpty()) {
            return false;
        }
        return !shown.text("phase").equals(sent.text("phase"))
                || lacks(shown, sent, "conditions", "type", "status")
                || lacks(shown, sent, "containerStatuses", "name", "containerID", "ready", "restartCount");
    }

    private static boolean lacks(Doc shown, Doc sent, String list, String key, String... fields) {
        List<Doc> there = shown.objects(list);
        return sent.objects(list).stream()
                .anyMatch(ours -> there.stream()
                        .filter(theirs -> theirs.text(key).equals(ours.text(key)))
                        .noneMatch(theirs -> List.of(fields).stream()
                                .allMatch(field -> value(theirs, field).equals(value(ours, field)))));
    }

    /** As text: a number may be of another type on its way back. */
    private static String value(Doc doc, String field) {
        return String.valueOf(doc.asMap().get(field));
    }
}
