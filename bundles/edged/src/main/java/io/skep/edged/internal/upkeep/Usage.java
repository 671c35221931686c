package io.skep.edged.internal.upkeep;

import java.util.Map;

/**
 * What a pod uses of one resource.
 *
 * @param byContainer by the container's name
 * @param total with what belongs to the pod as a whole
 */
record Usage(Map<String, Long> byContainer, long total) {

    static final Usage NONE = new Usage(Map.of(), 0);

    Usage {
        byContainer = Map.copyOf(byContainer);
    }
}
