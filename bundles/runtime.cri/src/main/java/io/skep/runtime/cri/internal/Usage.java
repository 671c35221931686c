package io.skep.runtime.cri.internal;

import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStats;
import io.skep.runtime.cri.internal.wire.Cri;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What the running containers use, as the engine tells it, and how many process ids they have, which the kernel tells. */
final class Usage {

    private final Calls calls;
    private final Marks marks;
    private final Origins origins;
    private final Listings listings;
    private final ProcessIds processes;

    Usage(Calls calls, Marks marks, Origins origins, Listings listings, ProcessIds processes) {
        this.calls = calls;
        this.marks = marks;
        this.origins = origins;
        this.listings = listings;
        this.processes = processes;
    }

    /** An engine counts on for what has ended, so only the running ones are asked for. */
    List<ContainerStats> ofRunning() throws ContainerException {
        Set<String> running = listings.containers().stream()
                .filter(each -> each.getState() == Cri.ContainerState.CONTAINER_RUNNING)
                .map(Cri.Container::getId)
                .collect(Collectors.toSet());
        return calls
                .ask(
                        "read the containers' usage",
                        stub -> stub.listContainerStats(Cri.ListContainerStatsRequest.newBuilder()
                                .setFilter(Cri.ContainerStatsFilter.newBuilder().putAllLabelSelector(marks.selector()))
                                .build()))
                .getStatsList()
                .stream()
                .filter(each -> running.contains(each.getAttributes().getId()))
                .map(each -> FromCri.stats(each, processes(each.getAttributes().getId())))
                .toList();
    }

    private Optional<Long> processes(String containerId) {
        try {
            Optional<String> sandbox = origins.sandboxOf(containerId);
            return sandbox.isEmpty()
                    ? Optional.empty()
                    : processes.of(
                            containerId,
                            origins.configOf(sandbox.get()).getLinux().getCgroupParent());
        } catch (ContainerException e) {
            // It goes just now
            return Optional.empty();
        }
    }
}
