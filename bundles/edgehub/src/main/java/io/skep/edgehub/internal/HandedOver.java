package io.skep.edgehub.internal;

import io.skep.core.api.module.Handover;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one EdgeHub leaves to the next.
 *
 * @param target what the link belongs to, or {@code ""}
 * @param link number of the link that was open, or 0 when there was none
 * @param waiting ids of messages written to it and not answered yet
 */
record HandedOver(String target, long link, Set<String> waiting) {

    HandedOver {
        waiting = Set.copyOf(waiting);
    }

    static HandedOver read(Handover handover) {
        Map<String, Object> state = handover.isEmpty() ? Map.of() : Json.object(handover.state());
        Set<String> ids = state.get("waiting") instanceof List<?> list
                ? list.stream().map(String::valueOf).collect(Collectors.toSet())
                : Set.of();
        long link = state.get("link") instanceof Number number ? number.longValue() : 0;
        return new HandedOver(String.valueOf(state.getOrDefault("target", "")), link, ids);
    }

    Handover write(int version) {
        return new Handover(
                version, Json.write(Map.of("target", target, "link", link, "waiting", List.copyOf(waiting))));
    }
}
