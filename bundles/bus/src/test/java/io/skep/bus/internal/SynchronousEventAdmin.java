package io.skep.bus.internal;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.event.Event;
import org.osgi.service.event.EventAdmin;
import org.osgi.service.event.EventHandler;

/** An Event Admin that calls every handler of a topic at once, on the sender's thread. */
final class SynchronousEventAdmin implements EventAdmin {

    private record Listener(String topic, EventHandler handler) {
        boolean hears(Event event) {
            return topic.endsWith("*")
                    ? event.getTopic().startsWith(topic.substring(0, topic.length() - 1))
                    : event.getTopic().equals(topic);
        }
    }

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /** {@code topic} may end in {@code /*}. */
    void listen(String topic, EventHandler handler) {
        listeners.add(new Listener(topic, handler));
    }

    void silence(EventHandler handler) {
        listeners.removeIf(l -> l.handler() == handler);
    }

    @Override
    public void sendEvent(Event event) {
        for (Listener listener : listeners) {
            if (listener.hears(event)) {
                listener.handler().handleEvent(event);
            }
        }
    }

    @Override
    public void postEvent(Event event) {
        sendEvent(event);
    }
}
