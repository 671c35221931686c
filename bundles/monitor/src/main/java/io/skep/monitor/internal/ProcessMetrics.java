package io.skep.monitor.internal;

import io.skep.core.api.observe.MetricSource;
import io.skep.core.api.observe.Sample;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The process and its JVM in figures, under the names Prometheus' own clients use. */
final class ProcessMetrics implements MetricSource {

    private static final double MILLIS_PER_SECOND = 1e3;
    private static final String RESIDENT = "VmRSS:";

    private final Path status;

    /** Reads resident memory from {@code status}, laid out like Linux' {@code /proc/self/status}. */
    ProcessMetrics(Path status) {
        this.status = status;
    }

    ProcessMetrics() {
        this(Path.of("/proc/self/status"));
    }

    @Override
    public List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        addMemory(samples, "heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage());
        addMemory(samples, "nonheap", ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage());
        ManagementFactory.getGarbageCollectorMXBeans().forEach(gc -> addCollector(samples, gc));
        var threads = ManagementFactory.getThreadMXBean();
        samples.add(gauge("jvm_threads_current", "Threads alive.", threads.getThreadCount()));
        samples.add(gauge("jvm_threads_daemon", "Daemon threads alive.", threads.getDaemonThreadCount()));
        var classes = ManagementFactory.getClassLoadingMXBean();
        samples.add(gauge("jvm_classes_currently_loaded", "Classes loaded now.", classes.getLoadedClassCount()));
        samples.add(counter("jvm_classes_unloaded", "Classes unloaded.", classes.getUnloadedClassCount()));
        samples.add(gauge(
                "process_start_time_seconds",
                "Start of the process, seconds since the epoch.",
                ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND));
        ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(Duration::toMillis)
                .ifPresent(millis -> samples.add(
                        counter("process_cpu_seconds", "Processor time used.", millis / MILLIS_PER_SECOND)));
        resident()
                .ifPresent(
                        bytes -> samples.add(gauge("process_resident_memory_bytes", "Memory that is in RAM.", bytes)));
        return samples;
    }

    private static void addMemory(List<Sample> samples, String area, MemoryUsage usage) {
        Map<String, String> labels = Map.of("area", area);
        samples.add(Sample.gauge("jvm_memory_used_bytes", "Memory in use.", labels, usage.getUsed()));
        samples.add(
                Sample.gauge("jvm_memory_committed_bytes", "Memory held by the JVM.", labels, usage.getCommitted()));
        samples.add(Sample.gauge("jvm_memory_max_bytes", "Limit of memory, -1 for none.", labels, usage.getMax()));
    }

    private static void addCollector(List<Sample> samples, GarbageCollectorMXBean collector) {
        Map<String, String> labels = Map.of("gc", collector.getName());
        samples.add(Sample.counter(
                "jvm_gc_collections", "Garbage collections.", labels, Math.max(0, collector.getCollectionCount())));
        samples.add(Sample.counter(
                "jvm_gc_seconds",
                "Time spent in garbage collections.",
                labels,
                Math.max(0, collector.getCollectionTime()) / MILLIS_PER_SECOND));
    }

    private OptionalLong resident() {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith(RESIDENT))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            return OptionalLong.empty(); // no Linux, no figure
        }
    }

    private static Sample gauge(String name, String help, double value) {
        return Sample.gauge(name, help, Map.of(), value);
    }

    private static Sample counter(String name, String help, double value) {
        return Sample.counter(name, help, Map.of(), value);
    }
}
