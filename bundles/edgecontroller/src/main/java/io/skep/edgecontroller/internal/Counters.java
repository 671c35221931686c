package io.skep.edgecontroller.internal;

import io.skep.core.api.observe.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the controller counts. Any thread. Label values come from our own code, never from a peer. */
final class Counters {

    /** What became of an upstream message. */
    enum Outcome {
        OK,
        FAILED,
        UNSUPPORTED,
        IGNORED
    }

    private final Map<String, LongAdder> pushed = new ConcurrentHashMap<>();
    private final Map<Outcome, LongAdder> upstream = new ConcurrentHashMap<>();
    private final LongAdder refused = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private volatile long connected;

    void pushed(String operation) {
        pushed.computeIfAbsent(operation, o -> new LongAdder()).increment();
    }

    void upstream(Outcome outcome) {
        upstream.computeIfAbsent(outcome, o -> new LongAdder()).increment();
    }

    /** A message the hub's mailbox did not take. */
    void refused() {
        refused.increment();
    }

    /** A node was marked unreachable. */
    void nodeLost() {
        lost.increment();
    }

    void connected(int nodes) {
        connected = nodes;
    }

    long upstreamCount(Outcome outcome) {
        LongAdder adder = upstream.get(outcome);
        return adder == null ? 0 : adder.sum();
    }

    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        pushed.forEach((operation, count) -> samples.add(Sample.counter(
                "skep_controller_pushes",
                "Objects handed to the hub for nodes.",
                Map.of("operation", operation),
                count.sum())));
        upstream.forEach((outcome, count) -> samples.add(Sample.counter(
                "skep_controller_requests",
                "Messages from nodes by outcome.",
                Map.of("outcome", outcome.name().toLowerCase(java.util.Locale.ROOT)),
                count.sum())));
        samples.add(Sample.counter(
                "skep_controller_refused", "Messages the hub's mailbox did not take.", Map.of(), refused.sum()));
        samples.add(Sample.counter(
                "skep_controller_nodes_lost", "Times a node was marked unreachable.", Map.of(), lost.sum()));
        samples.add(Sample.gauge("skep_controller_nodes_connected", "Nodes with a session.", Map.of(), connected));
        return samples;
    }
}
