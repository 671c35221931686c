package io.skep.edgestream.internal;

import io.skep.core.api.observe.Sample;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** What the tunnel did. Thread-safe. */
final class Figures {

    private final AtomicLong began = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong stray = new AtomicLong();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicLong open = new AtomicLong();
    private volatile boolean connected;

    void connected(boolean yes) {
        connected = yes;
    }

    /** So many more, or fewer, are open. */
    void opened(int more) {
        open.addAndGet(more);
    }

    void began() {
        began.incrementAndGet();
    }

    void refused() {
        refused.incrementAndGet();
    }

    void strayFrame() {
        stray.incrementAndGet();
    }

    /** A number no stream of this module had. */
    long number() {
        return numbers.incrementAndGet();
    }

    List<Sample> samples() {
        return List.of(
                Sample.gauge("skep_tunnel_connected", "1 while the tunnel is open.", Map.of(), connected ? 1 : 0),
                Sample.gauge("skep_tunnel_streams", "Logs and commands being served.", Map.of(), open.get()),
                Sample.counter("skep_tunnel_streams_begun", "Logs and commands asked for.", Map.of(), began.get()),
                Sample.counter("skep_tunnel_streams_refused", "Asked for and not begun.", Map.of(), refused.get()),
                Sample.counter("skep_tunnel_stray_frames", "Data for streams that had ended.", Map.of(), stray.get()));
    }
}
