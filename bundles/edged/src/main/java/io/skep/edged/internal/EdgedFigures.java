package io.skep.edged.internal;

import io.skep.core.api.observe.Sample;
import io.skep.edged.internal.pod.PodView.Counts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Edged's figures for {@code /metrics}. */
final class EdgedFigures {

    private static final List<String> PHASES = List.of("Pending", "Running", "Succeeded", "Failed");

    private EdgedFigures() {}

    static List<Sample> of(Counts counts, boolean runtimeReady) {
        List<Sample> samples = new ArrayList<>();
        for (String phase : PHASES) {
            samples.add(Sample.gauge(
                    "skep_pods",
                    "Pods on this node.",
                    Map.of("phase", phase),
                    counts.byPhase().getOrDefault(phase, 0)));
        }
        samples.add(Sample.gauge(
                "skep_pods_restarts", "Restarts of the containers there are.", Map.of(), counts.restarts()));
        samples.add(Sample.gauge(
                "skep_pods_orphans",
                "Pods a runtime has that nobody wants and nobody deleted.",
                Map.of(),
                counts.orphans()));
        samples.add(Sample.counter(
                "skep_pods_events_suppressed",
                "Events not sent because there were too many.",
                Map.of(),
                counts.eventsSuppressed()));
        samples.add(Sample.counter(
                "skep_pods_evicted", "Pods ended because the node was short.", Map.of(), counts.evicted()));
        samples.add(Sample.counter(
                "skep_images_removed", "Unused images removed to make room.", Map.of(), counts.imagesRemoved()));
        samples.add(Sample.counter(
                "skep_images_removed_bytes", "What the removed images took.", Map.of(), counts.imageBytesRemoved()));
        samples.add(Sample.gauge(
                "skep_pods_runtime_ready",
                "Whether the default runtime can run pods.",
                Map.of(),
                runtimeReady ? 1 : 0));
        return samples;
    }
}
