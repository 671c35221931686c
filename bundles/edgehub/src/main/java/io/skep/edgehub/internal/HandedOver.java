package io.skep.edgehub.internal;

import io.skep.core.api.module.Handover;
import java.util.HashMap;
import java.util.Map;

/**
 * What one EdgeHub leaves to the next.
 *
 * @param target what the link belongs to, or {@code ""}
 * @param link number of the link that was open, or 0 when there was none
 * @param waiting by the outbox's key, the ids of messages written to it and not answered yet
 */
record HandedOver(String target, long link, Map<String, String> waiting) {

    HandedOver {
        waiting = Map.copyOf(waiting);
    }

    static HandedOver read(Handover handover) {
        Map<String, Object> state = handover.isEmpty() ? Map.of() : Json.object(handover.state());
        Map<String, String> ids = new HashMap<>();
        Json.child(state, "waiting").forEach((key, id) -> ids.put(key, String.valueOf(id)));
        long link = state.get("link") instanceof Number number ? number.longValue() : 0;
        return new HandedOver(String.valueOf(state.getOrDefault("target", "")), link, ids);
    }

    Handover write(int version) {
        return new Handover(version, Json.write(Map.of("target", target, "link", link, "waiting", waiting)));
    }
}
