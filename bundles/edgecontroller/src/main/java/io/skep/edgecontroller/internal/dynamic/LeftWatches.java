package io.skep.edgecontroller.internal.dynamic;

import io.skep.core.api.message.Content;
import io.skep.core.api.module.Handover;
import io.skep.edgecontroller.internal.Json;
import io.skep.kube.api.Doc;
import java.util.List;
import java.util.Map;

/**
 * The watches one dynamiccontroller leaves to the next in the same process, as EdgeCore would not tell them again. They are
 * left as they were asked for: what the successor's settings allow, it decides.
 */
final class LeftWatches {

    private static final int VERSION = 1;
    private static final String WATCHES = "watches";
    private static final String NODE = "node";
    private static final String APPLICATION = "application";

    private LeftWatches() {}

    static Handover handover(List<Listener> listeners) {
        List<Map<String, Object>> all = listeners.stream()
                .map(listener -> Map.<String, Object>of(
                        NODE,
                        listener.node(),
                        APPLICATION,
                        listener.application().fields()))
                .toList();
        return new Handover(VERSION, Json.text(Doc.of(Map.of(WATCHES, all))));
    }

    /**
     * What a predecessor left.
     *
     * @throws IllegalStateException when it speaks another version
     */
    static List<Application> read(Handover handover) {
        if (handover.isEmpty()) {
            return List.of();
        }
        if (handover.version() != VERSION) {
            throw new IllegalStateException(
                    "dynamiccontroller knows handover version " + VERSION + ", was left version " + handover.version());
        }
        return Json.object(new Content.Json(handover.state())).objects(WATCHES).stream()
                .map(left -> new Application(left.text(NODE), left.object(APPLICATION)))
                .toList();
    }
}
