package io.skep.runtime.process.internal;

import io.skep.core.api.observe.Sample;
import java.util.List;
import java.util.Map;

/** The runtime's figures. */
final class ProcessRuntimeMetrics {

    private ProcessRuntimeMetrics() {}

    static List<Sample> of(long running, long containers, Ends ends, Caretaker caretaker, int damaged) {
        return List.of(
                gauge("skep_process_containers_running", "Containers that run now.", running),
                gauge("skep_process_containers", "Containers there are, ended ones included.", containers),
                counter("skep_process_containers_ended", "Containers that ended.", ends.ended()),
                counter(
                        "skep_process_containers_oom_killed",
                        "Containers that the kernel killed for want of memory.",
                        ends.outOfMemory()),
                counter(
                        "skep_process_log_failures",
                        "Times that output could not be written to a log and was tried again.",
                        caretaker.logFailures()),
                gauge("skep_process_records_damaged", "Records set aside at start.", damaged));
    }

    private static Sample gauge(String name, String help, double value) {
        return Sample.gauge(name, help, Map.of(), value);
    }

    private static Sample counter(String name, String help, double value) {
        return Sample.counter(name, help, Map.of(), value);
    }
}
