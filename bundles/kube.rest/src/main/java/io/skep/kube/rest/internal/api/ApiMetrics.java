package io.skep.kube.rest.internal.api;

import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests; any thread. */
public final class ApiMetrics implements MetricSource {

    private record Outcome(String verb, int code) {}

    private final Map<Outcome, LongAdder> requests = new ConcurrentHashMap<>();
    private final WatchStreams watches;

    public ApiMetrics(WatchStreams watches) {
        this.watches = watches;
    }

    void request(String verb, int code) {
        requests.computeIfAbsent(new Outcome(verb, code), o -> new LongAdder()).increment();
    }

    @Override
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        requests.forEach((outcome, count) -> samples.add(Sample.counter(
                "skep_api_requests",
                "Requests to the Kubernetes API by verb and HTTP status code.",
                Map.of("verb", outcome.verb(), "code", Integer.toString(outcome.code())),
                count.sum())));
        samples.add(Sample.gauge("skep_api_watches", "Open watches of the Kubernetes API.", Map.of(), watches.size()));
        return samples;
    }
}
