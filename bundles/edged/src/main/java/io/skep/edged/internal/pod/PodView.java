package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.upkeep.Upkeep;
import io.skep.kube.api.Doc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The pods as operators see them on the node. */
public final class PodView {

    private PodView() {}

    /**
     * Figures.
     *
     * @param byPhase pods by phase
     * @param restarts of all containers there are
     * @param orphans pods a runtime has that nobody wants and nobody deleted
     * @param eventsSuppressed events not sent because there were too many
     * @param evicted pods ended for the node's sake
     * @param imagesRemoved images that made room
     * @param imageBytesRemoved what they took
     * @param synced whether MetaManager has told what is wanted
     */
    public record Counts(
            Map<String, Integer> byPhase,
            int restarts,
            int orphans,
            long eventsSuppressed,
            long evicted,
            long imagesRemoved,
            long imageBytesRemoved,
            boolean synced) {
        public Counts {
            byPhase = Map.copyOf(byPhase);
        }

        public static final Counts NONE = new Counts(Map.of(), 0, 0, 0, 0, 0, 0, false);
    }

    static Counts counts(Pods pods, Upkeep upkeep, long suppressed) {
        Map<String, Integer> byPhase = new TreeMap<>();
        int restarts = 0;
        for (PodWorker worker : pods.all()) {
            byPhase.merge(worker.status().text("phase"), 1, Integer::sum);
            restarts += restarts(worker.status());
        }
        return new Counts(
                byPhase,
                restarts,
                pods.orphans(),
                suppressed,
                upkeep.evicted(),
                upkeep.imagesRemoved(),
                upkeep.imageBytesRemoved(),
                pods.cloud().synced());
    }

    static List<Object> list(Pods pods) {
        List<Object> rows = new ArrayList<>();
        for (PodWorker worker : pods.all()) {
            Pod pod = worker.pod();
            Doc status = worker.status();
            List<Doc> containers = status.objects("containerStatuses");
            long ready = containers.stream().filter(c -> c.flag(false, "ready")).count();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("namespace", pod.namespace());
            row.put("name", pod.name());
            row.put("uid", pod.uid());
            row.put("phase", status.text("phase"));
            row.put(
                    "ready",
                    ready + "/" + Math.max(containers.size(), pod.containers().size()));
            row.put("restarts", restarts(status));
            row.put("reason", reason(worker, status));
            row.put("runtime", worker.record().runtime());
            row.put("startTime", status.text("startTime"));
            row.put("ip", status.text("podIP"));
            rows.add(row);
        }
        return rows;
    }

    static Optional<Doc> detail(Pods pods, String namespace, String name) {
        return pods.all().stream()
                .filter(w ->
                        w.pod().namespace().equals(namespace) && w.pod().name().equals(name))
                .findFirst()
                .map(w -> Doc.of(Map.of(
                        "pod", w.pod().object().doc().with(w.status(), "status").asMap(),
                        "record", w.record().toDoc().without("status").asMap(),
                        "reason", reason(w, w.status()))));
    }

    private static int restarts(Doc status) {
        return status.objects("containerStatuses").stream()
                .mapToInt(c -> (int) c.number(0, "restartCount"))
                .sum();
    }

    /** The one word kubectl shows as a pod's status. */
    private static String reason(PodWorker worker, Doc status) {
        if (worker.pod().deleting() || worker.record().removed()) {
            return "Terminating";
        }
        String reason = status.text("reason").isEmpty() ? status.text("phase") : status.text("reason");
        for (Doc container : status.objects("initContainerStatuses")) {
            if (!container.text("state", "waiting", "reason").isEmpty()
                    && !container.text("state", "waiting", "reason").equals("PodInitializing")) {
                return "Init:" + container.text("state", "waiting", "reason");
            }
        }
        for (Doc container : status.objects("containerStatuses")) {
            String waiting = container.text("state", "waiting", "reason");
            String ended = container.text("state", "terminated", "reason");
            if (!waiting.isEmpty()) {
                reason = waiting;
            } else if (!ended.isEmpty()) {
                reason = ended;
            }
        }
        return reason;
    }
}
