package io.skep.cloudstream.internal;

import io.skep.core.api.observe.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** What happens to tunnels and streams; any thread. */
final class StreamCounters {

    /** What is counted. */
    enum Event {
        OPENED("skep_stream_opened", "Streams opened."),
        REFUSED("skep_stream_refused", "Streams refused: no tunnel, or too many."),
        BROKEN("skep_stream_broken", "Streams cut short by a lost tunnel."),
        STALLED("skep_stream_stalled", "Streams cut because their caller read nothing while the node was held back."),
        STRAY("skep_stream_stray_frames", "Frames of streams that are no more, or that no node sends."),
        TUNNEL_REFUSED("skep_stream_tunnels_refused", "Nodes not let in."),
        TUNNEL_REPLACED("skep_stream_tunnels_replaced", "Tunnels replaced by a newer one of the same node."),
        TUNNEL_SILENT("skep_stream_tunnels_silent", "Tunnels closed for want of a sign of life.");

        private final String metric;
        private final String help;

        Event(String metric, String help) {
            this.metric = metric;
            this.help = help;
        }
    }

    private final AtomicLongArray counts = new AtomicLongArray(Event.values().length);
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicInteger tunnels = new AtomicInteger();

    void count(Event event) {
        counts.incrementAndGet(event.ordinal());
    }

    long value(Event event) {
        return counts.get(event.ordinal());
    }

    /** One more stream, if there are fewer than {@code most}. */
    boolean begin(int most) {
        if (streams.incrementAndGet() > most) {
            streams.decrementAndGet();
            return false;
        }
        return true;
    }

    void end() {
        streams.decrementAndGet();
    }

    int streams() {
        return streams.get();
    }

    void tunnels(int now) {
        tunnels.set(now);
    }

    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        for (Event event : Event.values()) {
            samples.add(Sample.counter(event.metric, event.help, Map.of(), value(event)));
        }
        samples.add(Sample.gauge("skep_stream_open", "Logs and commands open.", Map.of(), streams.get()));
        samples.add(Sample.gauge("skep_stream_tunnels", "Nodes with a tunnel.", Map.of(), tunnels.get()));
        return samples;
    }
}
