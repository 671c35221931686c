package io.skep.monitor.internal;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The figures of all sources as one page of Prometheus text. A source that fails, or gives what can't be shown, costs its
 * own figures and is counted; the page comes. Thread-safe.
 */
final class MetricPage {

    static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

    private static final Logger LOG = LoggerFactory.getLogger(MetricPage.class);

    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();
    private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

    /** Asks every source and writes what they say, by name. */
    byte[] render(Collection<MetricSource> sources) {
        Map<String, List<Sample>> byName = new TreeMap<>();
        for (MetricSource source : sources) {
            ask(source)
                    .forEach(s -> byName.computeIfAbsent(s.name(), n -> new ArrayList<>())
                            .add(s));
        }
        Map<String, MetricSnapshot> snapshots = new LinkedHashMap<>();
        byName.forEach((name, samples) -> add(snapshots, name, samples));
        failureSamples().stream()
                .map(s -> snapshot(s.name(), List.of(s)))
                .forEach(s -> snapshots.put(s.getMetadata().getPrometheusName(), s));
        return write(new MetricSnapshots(snapshots.values()));
    }

    private List<Sample> ask(MetricSource source) {
        try {
            return source.samples();
        } catch (RuntimeException | LinkageError e) {
            failed(source.getClass().getName(), e);
            return List.of();
        }
    }

    private void add(Map<String, MetricSnapshot> snapshots, String name, List<Sample> samples) {
        try {
            MetricSnapshot snapshot = snapshot(name, samples);
            if (snapshots.putIfAbsent(snapshot.getMetadata().getPrometheusName(), snapshot) != null) {
                throw new IllegalArgumentException("a metric with the same name on the page");
            }
        } catch (IllegalArgumentException e) {
            failed(name, e);
        }
    }

    // Once at warn: a page is asked for every few seconds.
    private void failed(String what, Throwable why) {
        LongAdder count = failures.computeIfAbsent(what, w -> new LongAdder());
        count.increment();
        if (count.sum() == 1) {
            LOG.warn("figures left out: source={}", what, why);
        }
    }

    private List<Sample> failureSamples() {
        long sum = failures.values().stream().mapToLong(LongAdder::sum).sum();
        return List.of(Sample.counter(
                "skep_monitor_source_failures", "Times a source's figures could not be shown.", Map.of(), sum));
    }

    private static MetricSnapshot snapshot(String name, List<Sample> samples) {
        Sample first = samples.get(0);
        if (samples.stream().anyMatch(s -> s.kind() != first.kind())) {
            throw new IllegalArgumentException("counter and gauge of one name");
        }
        MetricMetadata metadata = new MetricMetadata(name, first.help());
        return switch (first.kind()) {
            case COUNTER ->
                new CounterSnapshot(
                        metadata,
                        samples.stream()
                                .map(s -> new CounterDataPointSnapshot(s.value(), labels(s), null, 0L))
                                .toList());
            case GAUGE ->
                new GaugeSnapshot(
                        metadata,
                        samples.stream()
                                .map(s -> new GaugeDataPointSnapshot(s.value(), labels(s), null))
                                .toList());
        };
    }

    private static Labels labels(Sample sample) {
        Labels.Builder labels = Labels.builder();
        new TreeMap<>(sample.labels()).forEach(labels::label);
        return labels.build();
    }

    private byte[] write(MetricSnapshots snapshots) {
        try (ByteArrayOutputStream page = new ByteArrayOutputStream(16 * 1024)) {
            writer.write(page, snapshots, EscapingScheme.UNDERSCORE_ESCAPING);
            return page.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
