package io.skep.edged.internal.pod;

import io.skep.kube.api.Doc;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The strategic merge patch that makes the cloud's status equal to ours, whatever it is now: the outbox may replace an
 * older patch of the same pod by this one, so a patch says everything and unsays (as {@code null}) what no longer holds.
 */
final class StatusPatch {

    private StatusPatch() {}

    static Doc of(String uid, Doc status, Doc before) {
        Map<String, Object> patch = new LinkedHashMap<>();
        List<Object> order = new ArrayList<>();
        List<Object> conditions = new ArrayList<>();
        for (Doc condition : status.objects("conditions")) {
            order.add(Map.of("type", condition.text("type")));
            Map<String, Object> full = new LinkedHashMap<>(condition.asMap());
            full.putIfAbsent("message", null);
            full.putIfAbsent("reason", null);
            conditions.add(full);
        }
        if (!order.isEmpty()) {
            patch.put("$setElementOrder/conditions", order);
            patch.put("conditions", conditions);
        }
        status.asMap().forEach(patch::putIfAbsent);
        patch.put("podIPs", addresses(status, before));
        patch.putIfAbsent("message", null);
        patch.putIfAbsent("reason", null);
        if (status.objects("podIPs").isEmpty()) {
            patch.remove("podIPs");
        }
        return Doc.of(Map.of("metadata", Map.of("uid", uid), "status", patch));
    }

    /** Addresses merge by value, so one that is gone must be taken away by name. */
    private static List<Object> addresses(Doc status, Doc before) {
        List<String> now =
                status.objects("podIPs").stream().map(ip -> ip.text("ip")).toList();
        List<Object> merged = new ArrayList<>();
        now.forEach(ip -> merged.add(Map.of("ip", ip)));
        before.objects("podIPs").stream()
                .map(ip -> ip.text("ip"))
                .filter(ip -> !now.contains(ip))
                .forEach(ip -> merged.add(Map.of("$patch", "delete", "ip", ip)));
        return merged;
    }
}
