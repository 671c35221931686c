package io.skep.edgecontroller.internal.dynamic;

import io.skep.core.api.observe.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the module counts. Any thread. Label values come from our own code, never from a peer. */
final class DynamicCounters {

    /** What became of an application. */
    enum Outcome {
        APPROVED,
        REJECTED,
        IGNORED
    }

    private final Map<Outcome, LongAdder> applications = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> pushed = new ConcurrentHashMap<>();
    private final LongAdder lost = new LongAdder();
    private volatile long listeners;

    void application(Outcome outcome) {
        applications.computeIfAbsent(outcome, o -> new LongAdder()).increment();
    }

    void pushed(String operation) {
        pushed.computeIfAbsent(operation, o -> new LongAdder()).increment();
    }

    /** A message the hub did not get. */
    void lost() {
        lost.increment();
    }

    void listeners(int now) {
        listeners = now;
    }

    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        applications.forEach((outcome, count) -> samples.add(Sample.counter(
                "skep_dynamic_applications",
                "Requests of MetaServers by outcome.",
                Map.of("outcome", outcome.name().toLowerCase(Locale.ROOT)),
                count.sum())));
        pushed.forEach((operation, count) -> samples.add(Sample.counter(
                "skep_dynamic_pushes",
                "Watched objects handed to the hub for nodes.",
                Map.of("operation", operation),
                count.sum())));
        samples.add(Sample.counter("skep_dynamic_lost", "Messages the hub did not get.", Map.of(), lost.sum()));
        samples.add(Sample.gauge("skep_dynamic_listeners", "Watches of MetaServers.", Map.of(), listeners));
        return samples;
    }
}
