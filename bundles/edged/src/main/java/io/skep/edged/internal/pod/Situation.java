package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Everything the planner decides on, at one moment.
 *
 * @param pod what is wanted
 * @param record what is remembered
 * @param engine what its runtime calls itself
 * @param observed what the runtime has
 * @param volumesReady whether the volumes are made
 * @param images references of images at hand, by container
 * @param troubles steps that failed, by container or {@link Trouble#POD}
 * @param busy keys of the actions under way
 * @param deadlines when containers that are being stopped are killed, by id
 * @param started names of containers whose start is complete: post-start action done, startup probe passed
 * @param hooking names of containers whose post-start action is under way
 * @param passing names of containers whose readiness probe, if any, passes
 * @param doomed containers that must be stopped, by id, and why
 * @param forgiven containers whose next start owes no back-off: they died while nobody watched
 * @param confirmed whether the cloud agreed to drop the object
 * @param halted how long its containers get to end when the node goes down; empty while it does not
 * @param now the time
 */
record Situation(
        Pod pod,
        PodRecord record,
        String engine,
        Observed observed,
        boolean volumesReady,
        Map<String, String> images,
        Map<String, Trouble> troubles,
        Set<String> busy,
        Map<String, Instant> deadlines,
        Set<String> started,
        Set<String> hooking,
        Set<String> passing,
        Map<String, Action.StopContainer> doomed,
        Set<String> forgiven,
        boolean confirmed,
        Optional<Duration> halted,
        Instant now) {

    List<ContainerView> initContainers() {
        return views(pod.initContainers());
    }

    List<ContainerView> ephemeralContainers() {
        return views(pod.ephemeralContainers());
    }

    List<ContainerView> containers() {
        return views(pod.containers());
    }

    private List<ContainerView> views(List<ContainerSpec> specs) {
        return specs.stream()
                .map(c -> ContainerView.of(c, record, observed, engine))
                .toList();
    }
}
