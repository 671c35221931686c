package io.skep.kube.embedded.internal.scheduler;

import io.skep.kube.api.Doc;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.Patch;
import io.skep.kube.api.PatchType;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Times;
import io.skep.kube.api.WriteOptions;
import io.skep.kube.embedded.internal.storage.Json;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes down what the scheduler decided: the binding, the condition, the event. */
final class Outcomes {

    private static final String SCHEDULER = "default-scheduler";

    private final ResourceStore store;
    private final InstantSource clock;

    Outcomes(ResourceStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    void bind(KubeObject pod, String node) {
        KubeObject binding = KubeObject.of(Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Binding",
                "metadata",
                Map.of("name", pod.name(), "namespace", pod.namespace(), "uid", pod.uid()),
                "target",
                Map.of("apiVersion", "v1", "kind", "Node", "name", node)));
        store.createSub(key(pod), "binding", binding, WriteOptions.NONE);
        event(
                pod,
                "Normal",
                "Scheduled",
                "Successfully assigned " + pod.namespace() + "/" + pod.name() + " to " + node);
    }

    /** Says why there is no node, once for each reason. */
    void unschedulable(KubeObject pod, String message) {
        Doc known = pod.status().objects("conditions").stream()
                .filter(c -> c.text("type").equals("PodScheduled"))
                .findFirst()
                .orElse(Doc.EMPTY);
        if (known.text("status").equals("False") && known.text("message").equals(message)) {
            return;
        }
        Map<String, Object> condition = new LinkedHashMap<>();
        condition.put("type", "PodScheduled");
        condition.put("status", "False");
        condition.put("lastTransitionTime", now(known));
        condition.put("reason", "Unschedulable");
        condition.put("message", message);
        Map<String, Object> patch =
                Map.of("metadata", Map.of("uid", pod.uid()), "status", Map.of("conditions", List.of(condition)));
        store.patch(key(pod), "status", new Patch(PatchType.STRATEGIC_MERGE, Json.write(patch)), WriteOptions.NONE);
        event(pod, "Warning", "FailedScheduling", message);
    }

    private String now(Doc known) {
        return known.text("status").equals("False") ? known.text("lastTransitionTime") : Times.format(clock.instant());
    }

    private void event(KubeObject pod, String type, String reason, String message) {
        Instant now = clock.instant();
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("kind", "Pod");
        about.put("namespace", pod.namespace());
        about.put("name", pod.name());
        about.put("uid", pod.uid());
        about.put("apiVersion", "v1");
        about.put("resourceVersion", pod.resourceVersion());
        Map<String, Object> event = new LinkedHashMap<>();
        event.put(
                "metadata",
                Map.of(
                        "name",
                        pod.name() + "." + Long.toHexString(now.getEpochSecond() * 1_000_000_000L + now.getNano()),
                        "namespace",
                        pod.namespace()));
        event.put("involvedObject", about);
        event.put("reason", reason);
        event.put("message", message);
        event.put("source", Map.of("component", SCHEDULER));
        event.put("firstTimestamp", Times.format(now));
        event.put("lastTimestamp", Times.format(now));
        event.put("count", 1);
        event.put("type", type);
        event.put("reportingComponent", SCHEDULER);
        event.put("reportingInstance", "");
        store.create(Kinds.EVENT, pod.namespace(), KubeObject.of(event), WriteOptions.NONE);
    }

    private static ObjectKey key(KubeObject pod) {
        return new ObjectKey(Kinds.POD, pod.namespace(), pod.name());
    }
}
