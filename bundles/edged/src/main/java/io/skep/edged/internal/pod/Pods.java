package io.skep.edged.internal.pod;

import io.skep.core.api.module.Handover;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.manifest.ManifestFolder;
import io.skep.edged.internal.pod.Admission.Refusal;
import io.skep.edged.internal.runtime.RuntimeWatch;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodSandboxStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of this node, by uid: each with its {@link PodWorker} or, after a restart and until somebody asks for it, with
 * its record alone ("asleep"). {@link CloudPods} and {@link StaticPods} say which are wanted and which end; the runtimes
 * tell what there is of them. Belongs to the module's thread.
 */
final class Pods implements RuntimeWatch.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Pods.class);

    private final PodHost host;
    private final Admission admission;
    private final Map<String, PodWorker> workers = new LinkedHashMap<>();
    private final Map<String, PodRecord> asleep = new HashMap<>();
    private final Map<String, Left> left = new HashMap<>();
    private final Orphans orphans = new Orphans();
    private final RuntimeWatch watch;
    private final CloudPods cloud;
    private final StaticPods statics;
    private final NodeShutdown shutdown;

    Pods(PodHost host, Admission admission, Duration relist, ManifestFolder manifests, ShutdownPolicy policy) {
        this.host = host;
        this.admission = admission;
        this.watch = new RuntimeWatch(host.context(), host.runtimes(), this, relist);
        this.cloud = new CloudPods(host, this);
        this.statics = new StaticPods(host, manifests, this);
        this.shutdown = new NodeShutdown(host, policy, workers::values);
        host.mirrors().onChange(this::mirrorChanged);
    }

    /** @param handover what a predecessor in this process left */
    void start(Handover handover) {
        left.putAll(Left.read(handover));
        host.records().load().forEach(record -> asleep.put(record.uid(), record));
        // The last of its writes may not have been done when the store was read.
        left.forEach((uid, pod) -> pod.record().ifPresent(record -> {
            record.touch();
            asleep.put(uid, record);
        }));
        watch.start();
        statics.look();
        cloud.ask();
    }

    /** Now and then: looks for what nobody tells. */
    void tick() {
        statics.look();
        syncMirrors();
    }

    Handover stop() {
        watch.stop();
        shutdown.stop();
        Map<String, Left> leaves = new HashMap<>(left);
        workers.forEach((uid, worker) -> leaves.put(uid, worker.leave()));
        workers.values().forEach(PodWorker::stop);
        return Left.handover(leaves);
    }

    RuntimeWatch runtimes() {
        return watch;
    }

    /** What the cloud asks for. */
    CloudPods cloud() {
        return cloud;
    }

    /** The pods' end before the machine's. */
    NodeShutdown shutdown() {
        return shutdown;
    }

    // ---- which there are

    Collection<PodWorker> all() {
        return workers.values();
    }

    Optional<PodWorker> worker(String uid) {
        return Optional.ofNullable(workers.get(uid));
    }

    /** The workers of pods whose record is meant. */
    List<PodWorker> working(Predicate<PodRecord> meant) {
        return workers.values().stream().filter(w -> meant.test(w.record())).toList();
    }

    /** The pods of which only the record is left. */
    List<PodRecord> asleep(Predicate<PodRecord> meant) {
        return asleep.values().stream().filter(meant).toList();
    }

    /** Whether only its record is left of a pod. */
    boolean remembers(String uid) {
        return asleep.containsKey(uid);
    }

    /** Pods a runtime has that nobody wants and nobody deleted. */
    int orphans() {
        return orphans.size();
    }

    /** Takes a pod out of the orphans, as {@link Orphans#claim}. */
    Optional<PodRecord> orphan(String uid) {
        return orphans.claim(uid);
    }

    // ---- how they come and go

    /** Begins to run a pod, or goes on with it; {@code unfit} says why it can't ever. */
    void take(Pod pod, Optional<String> unfit, boolean fromFile) {
        Optional<PodRecord> old = Optional.ofNullable(asleep.remove(pod.uid())).or(() -> orphans.claim(pod.uid()));
        PodRecord record = old.orElseGet(() -> new PodRecord(pod.uid(), pod.namespace(), pod.name()));
        if (fromFile) {
            record.makeStatic();
        }
        if (old.isEmpty()) {
            admit(pod, record, unfit);
        }
        LOG.info("pod taken: pod={} uid={}", pod.key(), pod.uid());
        begin(pod, record).step();
        goOn(pod);
    }

    /** A pod without a sandbox need not wait for a listing of its runtime, if that was listed and had nothing of it. */
    private void goOn(Pod pod) {
        worker(pod.uid())
                .filter(w -> w.record().sandboxAttempt() < 0
                        && watch.listed(w.record().runtime()))
                .ifPresent(w -> w.found(Observed.NOTHING));
    }

    private void admit(Pod pod, PodRecord record, Optional<String> unfit) {
        List<Pod> others = working(r -> !r.terminal() && !r.removed()).stream()
                .map(PodWorker::pod)
                .toList();
        unfit.map(why -> new Refusal("InvalidPodSpec", why))
                .or(() -> admission.refusal(pod, record.isStatic(), others))
                .ifPresent(refusal -> {
                    record.reject(refusal.reason(), refusal.message());
                    host.events().warning(pod, "", refusal.reason(), refusal.message());
                });
    }

    /** Gives a pod of which only the record is left a worker, so that it can end. */
    PodWorker adopt(PodRecord record) {
        asleep.remove(record.uid());
        Pod shell = Pod.of(Doc.of(Map.of(
                "metadata",
                Map.of("name", record.name(), "namespace", record.namespace(), "uid", record.uid()),
                "spec",
                Map.of())));
        return begin(shell, record);
    }

    private PodWorker begin(Pod pod, PodRecord record) {
        Left before = Optional.ofNullable(left.remove(pod.uid())).orElse(Left.NOTHING);
        PodWorker worker = new PodWorker(host, pod, record, before, () -> goOn(pod), () -> gone(pod));
        workers.put(pod.uid(), worker);
        shutdown.join(worker);
        if (!record.runtime().isEmpty() && watch.listed(record.runtime())) {
            watch.list(record.runtime());
        }
        return worker;
    }

    /** Has pods end that do not yet, each with its own grace. */
    void end(Predicate<PodRecord> meant) {
        working(meant.and(record -> !record.removed()))
                .forEach(w -> w.remove(w.pod().grace()));
        asleep(meant).forEach(record -> adopt(record).remove(record.grace()));
    }

    private void gone(Pod pod) {
        LOG.info("pod gone: pod={} uid={}", pod.key(), pod.uid());
        PodRecord record = workers.remove(pod.uid()).record();
        orphans.erased(record.runtime(), record.uid());
        host.changed().run();
        host.references()
                .retain(workers.values().stream()
                        .flatMap(w -> PodState.references(w.pod()))
                        .collect(Collectors.toSet()));
        if (record.isStatic()) {
            statics.reconcile();
            syncMirrors();
        }
    }

    // ---- what concerns them

    /** Brings the cloud's pictures of static pods in line. */
    void syncMirrors() {
        List<Pod> shown =
                working(PodRecord::isStatic).stream().map(PodWorker::pod).toList();
        host.mirrors().sync(shown, cloud.synced() && statics.complete());
    }

    private void mirrorChanged(String key) {
        working(record -> record.isStatic() && record.key().equals(key)).forEach(PodWorker::step);
        syncMirrors();
    }

    void referenceChanged(Ref ref) {
        List.copyOf(workers.values()).forEach(w -> w.referenceChanged(ref));
    }

    void linkUp() {
        List.copyOf(workers.values()).forEach(PodWorker::linkUp);
        syncMirrors();
    }

    // ---- what the runtimes tell

    @Override
    public void listed(String runtime, List<PodSandboxStatus> sandboxes, List<ContainerStatus> containers) {
        Map<String, Observed> found = Observed.byPod(sandboxes, containers);
        for (PodWorker worker : List.copyOf(workers.values())) {
            if (worker.record().runtime().isEmpty()) {
                worker.step();
            }
            if (worker.record().runtime().equals(runtime)) {
                worker.found(found.getOrDefault(worker.pod().uid(), Observed.NOTHING));
            }
        }
        sandboxes.stream()
                .filter(box -> !workers.containsKey(box.metadata().uid())
                        && !remembers(box.metadata().uid()))
                .forEach(box -> orphans.seen(runtime, box, cloud.synced()));
        orphans.retain(runtime, found.keySet());
    }

    @Override
    public void changed(String runtime, ContainerEvent event) {
        worker(event.podUid())
                .filter(w -> w.record().runtime().equals(runtime))
                .ifPresent(
                        w -> w.changed(event.containerId(), event.containerId().equals(event.sandboxId())));
    }

    @Override
    public void back(String runtime) {
        working(record -> record.runtime().equals(runtime)).forEach(PodWorker::runtimeBack);
    }

    @Override
    public void stated() {
        host.changed().run();
    }

    @Override
    public void lost(String runtime) {
        host.changed().run();
        working(record -> record.runtime().equals(runtime)).forEach(PodWorker::runtimeLost);
    }
}
