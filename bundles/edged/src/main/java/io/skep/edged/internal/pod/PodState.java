package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.probe.Check;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Env;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PullSecrets;
import io.skep.edged.internal.upkeep.PodStorage;
import io.skep.edged.internal.upkeep.Subject;
import io.skep.edged.internal.volume.Volumes;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodRuntime;
import io.skep.runtime.api.PodSandboxStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One pod as it is known here: what is wanted, what is remembered, what its runtime has, and how far the work on it is.
 * Changed by its {@link PodWorker} and by those who act for it. Belongs to the module's thread.
 */
final class PodState {

    private final PodHost host;
    private final PodRecord record;
    private final PodVolumes volumes;
    private final PodProgress progress;
    private Pod pod;
    private Observed observed = Observed.NOTHING;
    private boolean listed;
    private boolean confirmed;
    private boolean ended;
    private Optional<Duration> halted = Optional.empty();

    PodState(PodHost host, Pod pod, PodRecord record, PodVolumes volumes, Left left) {
        this.host = host;
        this.pod = pod;
        this.record = record;
        this.volumes = volumes;
        this.progress = new PodProgress(left);
        this.confirmed = left.confirmed();
    }

    Pod pod() {
        return pod;
    }

    void want(Pod newer) {
        pod = newer;
    }

    PodRecord record() {
        return record;
    }

    PodVolumes volumes() {
        return volumes;
    }

    PodProgress progress() {
        return progress;
    }

    /** Whether its runtime's listing is at hand; before that nothing is planned. */
    boolean listed() {
        return listed;
    }

    void listed(boolean value) {
        listed = value;
    }

    /** Whether the cloud agreed to drop the object. */
    boolean confirmed() {
        return confirmed;
    }

    void confirmed(boolean value) {
        confirmed = value;
    }

    /** Whether its worker has stopped: whatever comes back late is too late. */
    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** Whether the node goes down. */
    boolean halted() {
        return halted.isPresent();
    }

    void halt(Duration grace) {
        halted = Optional.of(grace);
    }

    /** Whether it is meant to run. */
    boolean active() {
        return !ended
                && !pod.deleting()
                && !record.terminal()
                && !record.removed()
                && record.failure().isEmpty();
    }

    /** Whether anything of it runs. */
    boolean lives() {
        return !ended && !observed.living().isEmpty();
    }

    /** Everything a pod refers to. */
    static Stream<Ref> references(Pod pod) {
        return Stream.concat(
                Stream.concat(Volumes.references(pod).stream(), PullSecrets.references(pod).stream()),
                pod.allContainers().stream().flatMap(c -> Env.references(pod, c).stream()));
    }

    // ---- its runtime, and what is seen there

    Optional<PodRuntime> runtimeIfThere() {
        return host.runtimes().get(record.runtime());
    }

    PodRuntime runtime() {
        return runtimeIfThere().orElseThrow(() -> new IllegalStateException("no runtime for " + pod.key()));
    }

    Observed observed() {
        return observed;
    }

    void saw(Observed all) {
        observed = all;
    }

    /** A look at a container; empty when the runtime has it no more. */
    void sawContainer(String id, Optional<ContainerStatus> status) {
        observed = status.map(observed::with).orElseGet(() -> observed.without(id));
    }

    /** A look at a sandbox; empty when the runtime has it no more. */
    void sawSandbox(String id, Optional<PodSandboxStatus> status) {
        observed = status.map(observed::with).orElseGet(() -> observed.without(id));
    }

    /** The pod's addresses while it has a sandbox; the node's for one that has none of its own. */
    List<String> ips() {
        return observed.readySandbox()
                .map(box -> box.ips().isEmpty() ? List.of(host.facts().get().ip()) : box.ips())
                .orElse(List.of());
    }

    /** Where probes and hooks of a container go. */
    Check.Target target(ContainerSpec container, String id) {
        List<String> ips = ips();
        String ip = ips.isEmpty() ? host.facts().get().ip() : ips.get(0);
        return new Check.Target(runtime(), id, container, ip);
    }

    /** Folder of its logs. */
    Path logs() {
        return host.logs().resolve(pod.namespace() + "_" + pod.name() + "_" + pod.uid());
    }

    /** What there is of it to measure; empty while it has no runtime. */
    Optional<Subject> subject() {
        return runtimeIfThere()
                .map(runtime -> new Subject(
                        pod.uid(),
                        runtime,
                        observed.living(),
                        new PodStorage(pod, volumes.paths().orElse(Map.of()), logs())));
    }

    // ----

    /** What the planner decides on. */
    Situation situation(PodHealth health) {
        return new Situation(
                pod,
                record,
                host.runtimes().engine(record.runtime()),
                observed,
                volumes.paths().isPresent(),
                progress.images(),
                progress.troubles(),
                progress.busy(),
                progress.deadlines(),
                health.started(),
                health.hooking(),
                health.passing(),
                health.doomed(),
                progress.forgiven(),
                confirmed,
                halted,
                now());
    }

    Instant now() {
        return host.context().clock().instant();
    }

    /** Tells the cloud that something went wrong; {@code container} is {@code ""} for the pod as a whole. */
    void warn(String container, String reason, String message) {
        host.events().warning(pod, container, reason, message);
    }
}
