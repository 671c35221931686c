package io.skep.cloudhub.internal;

import io.skep.core.api.observe.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** What the hub counts; any thread. */
final class HubCounters {

    /** Things that happen. */
    enum Event {
        RECEIVED("skep_hub_received", "Messages taken from nodes."),
        SENT("skep_hub_sent", "Messages handed to nodes' links, resent ones included."),
        ACKNOWLEDGED("skep_hub_acknowledged", "Objects acknowledged by nodes."),
        RESENT("skep_hub_resent", "Objects sent again for want of an acknowledgement."),
        DUPLICATE("skep_hub_duplicates", "Objects not sent because the node has them, or is being sent them."),
        UNSUPPORTED("skep_hub_unsupported", "Messages of nodes for modules that do not exist."),
        IGNORED("skep_hub_ignored", "Messages of nodes that need no treatment, errors and strays."),
        NO_SESSION("skep_hub_lost_no_session", "Messages for nodes that are not connected."),
        QUEUE_FULL("skep_hub_lost_queue_full", "Objects not taken because a node's queue was full."),
        UNDELIVERABLE("skep_hub_lost_undeliverable", "Messages that cannot be sent: no version, too large."),
        LINK_FULL("skep_hub_link_full", "Messages a node's link had no room for; acknowledged ones are sent again."),
        REFUSED("skep_hub_refused", "Peers not let in."),
        REPLACED("skep_hub_replaced", "Sessions replaced by a newer connection of the same node."),
        SILENT("skep_hub_silent", "Sessions ended for want of a keepalive."),
        SYNC_FAILED("skep_hub_sync_failures", "Records of what nodes have that could not be written."),
        ENROLLED("skep_hub_enrolled", "Certificates given to nodes."),
        ENROL_REFUSED("skep_hub_enrol_refused", "Requests for a certificate that were refused.");

        private final String metric;
        private final String help;

        Event(String metric, String help) {
            this.metric = metric;
            this.help = help;
        }
    }

    private final Map<Event, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicLong sessions = new AtomicLong();
    private final AtomicLong queued = new AtomicLong();

    void count(Event event) {
        counts.computeIfAbsent(event, e -> new LongAdder()).increment();
    }

    long value(Event event) {
        LongAdder adder = counts.get(event);
        return adder == null ? 0 : adder.sum();
    }

    void sessions(long now) {
        sessions.set(now);
    }

    /** Objects waiting or under way, of all nodes. */
    void queued(long change) {
        queued.addAndGet(change);
    }

    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (Event event : Event.values()) {
            samples.add(Sample.counter(event.metric, event.help, Map.of(), value(event)));
        }
        samples.add(Sample.gauge("skep_hub_sessions", "Nodes connected.", Map.of(), sessions.get()));
        samples.add(Sample.gauge("skep_hub_queued", "Objects waiting for nodes or under way.", Map.of(), queued.get()));
        return samples;
    }
}
