package io.skep.metaserver.internal;

import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lays what the node states of an object over the status the cloud knows. Edged's patches say everything and unsay, as
 * {@code null}, what no longer holds, so that no schema is needed: only conditions may have other authors, and stay by type.
 *
 * <p>Source: Kubernetes {@code strategic-merge-patch.md} for the directives that begin with {@code $}.
 */
final class OwnStatus {

    private static final String STATUS = "status";
    private static final String CONDITIONS = "conditions";

    private OwnStatus() {}

    /** The object with the node's status; as it is when the patch is about another object of that name. */
    static KubeObject over(KubeObject object, Doc patch) {
        String uid = patch.text("metadata", "uid");
        if (!uid.isEmpty() && !uid.equals(object.uid())) {
            return object;
        }
        Map<String, Object> status = new LinkedHashMap<>(object.status().asMap());
        patch.object(STATUS).asMap().forEach((field, value) -> {
            if (field.startsWith("$")) {
                return;
            }
            if (value == null) {
                status.remove(field);
            } else if (field.equals(CONDITIONS)) {
                status.put(field, conditions(object.status(), patch.object(STATUS)));
            } else {
                status.put(field, value instanceof List<?> list ? plain(list) : value);
            }
        });
        return object.with(status, STATUS);
    }

    private static List<Object> conditions(Doc known, Doc stated) {
        Set<String> types = stated.objects(CONDITIONS).stream()
                .map(condition -> condition.text("type"))
                .collect(Collectors.toSet());
        List<Object> all = new ArrayList<>();
        known.objects(CONDITIONS).stream()
                .filter(condition -> !types.contains(condition.text("type")))
                .forEach(all::add);
        stated.objects(CONDITIONS).stream().map(OwnStatus::withoutNulls).forEach(all::add);
        return all;
    }

    private static Doc withoutNulls(Doc fields) {
        Map<String, Object> kept = new LinkedHashMap<>(fields.asMap());
        kept.values().removeIf(value -> value == null);
        return Doc.of(kept);
    }

    /** Without the items that only say what is to be deleted. */
    private static List<?> plain(List<?> items) {
        return items.stream()
                .filter(item -> !(item instanceof Map<?, ?> map && map.containsKey("$patch")))
                .toList();
    }
}
