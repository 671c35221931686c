package io.skep.bus.internal;

import io.skep.bus.internal.host.Lifecycle.Move;
import io.skep.core.api.bus.BusTopics;
import java.util.Map;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;

/** Tells the world of modules' moves, without waiting for it. */
final class LifecycleEvents {

    private final EventAdmin events;

    LifecycleEvents(EventAdmin events) {
        this.events = events;
    }

    void publish(String module, Move move, String reason) {
        events.postEvent(new Event(
                BusTopics.LIFECYCLE + module + "/" + move.name(), Map.of("module", module, "reason", reason)));
    }
}
