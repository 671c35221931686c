package io.skep.bus.internal;

import io.skep.bus.internal.host.ModuleHost;
import io.skep.bus.internal.host.WorkerPool;
import io.skep.core.api.bus.BusStatus.Mailbox;
import io.skep.core.api.module.ModuleRegistry.ModuleStatus;
import io.skep.core.api.module.ModuleRegistry.State;
import io.skep.core.api.observe.Sample;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The bus in figures. */
final class BusMetrics {

    private static final double NANOS_PER_SECOND = 1e9;

    private final Post post;
    private final Losses losses;
    private final Waiters waiters;
    private final WorkerPool workers;
    private final ModuleHost host;

    BusMetrics(Post post, Losses losses, Waiters waiters, WorkerPool workers, ModuleHost host) {
        this.post = post;
        this.losses = losses;
        this.waiters = waiters;
        this.workers = workers;
        this.host = host;
    }

    List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        post.status().forEach(mailbox -> addMailbox(samples, mailbox));
        losses.snapshot()
                .forEach((loss, count) -> samples.add(Sample.counter(
                        "skep_bus_lost_messages", "Messages that reached nobody.", Map.of("class", loss), count)));
        host.list().forEach(module -> addModule(samples, module));
        addRequests(samples);
        samples.add(gauge("skep_bus_worker_threads", "Threads for background jobs.", workers.size()));
        samples.add(
                gauge("skep_bus_worker_waiting_jobs", "Background jobs that wait for a thread.", workers.waiting()));
        return samples;
    }

    private static void addMailbox(List<Sample> samples, Mailbox box) {
        Map<String, String> labels = Map.of("module", box.module());
        samples.add(Sample.gauge("skep_bus_queued_messages", "Messages waiting in memory.", labels, box.queued()));
        samples.add(Sample.gauge("skep_bus_spilled_messages", "Messages waiting in the store.", labels, box.spilled()));
        samples.add(
                Sample.counter("skep_bus_received_messages", "Messages taken into a mailbox.", labels, box.received()));
        samples.add(Sample.counter(
                "skep_bus_coalesced_messages", "Messages that replaced an older one.", labels, box.coalesced()));
        samples.add(Sample.counter(
                "skep_bus_refused_messages", "Messages not taken for want of room.", labels, box.refused()));
    }

    private static void addModule(List<Sample> samples, ModuleStatus module) {
        Map<String, String> labels = Map.of("module", module.name());
        samples.add(Sample.counter(
                "skep_module_restarts", "Starts of a module after a failure.", labels, module.restarts()));
        samples.add(Sample.gauge(
                "skep_module_active",
                "Whether a module takes messages.",
                labels,
                module.state() == State.ACTIVE ? 1 : 0));
        samples.add(Sample.gauge(
                "skep_module_healthy",
                "Whether a module does its job.",
                labels,
                module.health().ok() ? 1 : 0));
    }

    private void addRequests(List<Sample> samples) {
        samples.add(gauge("skep_bus_open_requests", "Requests that wait for an answer.", waiters.size()));
        samples.add(counter("skep_bus_answered_requests", "Requests that were answered.", waiters.answered()));
        samples.add(counter(
                "skep_bus_answer_seconds",
                "Time spent waiting by requests that were answered.",
                waiters.answerNanos() / NANOS_PER_SECOND));
        samples.add(counter("skep_bus_timed_out_requests", "Requests nobody answered in time.", waiters.timedOut()));
        samples.add(counter("skep_bus_failed_requests", "Requests nobody could take.", waiters.failed()));
    }

    private static Sample gauge(String name, String help, double value) {
        return Sample.gauge(name, help, Map.of(), value);
    }

    private static Sample counter(String name, String help, double value) {
        return Sample.counter(name, help, Map.of(), value);
    }
}
