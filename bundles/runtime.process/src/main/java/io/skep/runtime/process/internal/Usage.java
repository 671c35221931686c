package io.skep.runtime.process.internal;

import io.skep.runtime.api.ContainerStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What containers use: by cgroup where they have one, else summed over the processes of their session. */
final class Usage {

    /** Linux shows times in hundredths of a second whatever its own clock is. */
    private static final long MILLIS_PER_TICK = 10;

    private final ProcFiles proc;
    private final Cgroups cgroups;

    Usage(ProcFiles proc, Cgroups cgroups) {
        this.proc = proc;
        this.cgroups = cgroups;
    }

    List<ContainerStats> of(List<ProcessContainer> running) {
        Instant now = Instant.now();
        List<ProcessStat> processes = running.isEmpty() ? List.of() : proc.all();
        return running.stream()
                .filter(each -> each.process() != null)
                .map(each -> of(each, processes, now))
                .toList();
    }

    private ContainerStats of(ProcessContainer container, List<ProcessStat> processes, Instant now) {
        List<ProcessStat> own = processes.stream()
                .filter(each -> each.session() == container.process().pid())
                .toList();
        Duration cpu = cgroups.cpu(container.id())
                .orElseGet(() -> Duration.ofMillis(
                        own.stream().mapToLong(ProcessStat::cpuTicks).sum() * MILLIS_PER_TICK));
        OptionalLong memory = cgroups.memory(container.id());
        long bytes = memory.isPresent()
                ? memory.getAsLong()
                : own.stream().mapToLong(each -> proc.residentBytes(each.pid())).sum();
        OptionalLong counted = cgroups.processes(container.id());
        long ids = counted.isPresent() ? counted.getAsLong() : own.size();
        return new ContainerStats(container.id(), now, cpu, bytes, Optional.empty(), Optional.of(ids));
    }
}
