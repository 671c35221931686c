package io.skep.edged.internal.pod;

import io.skep.core.api.EdgeException.Reason;
import io.skep.core.api.message.Content;
import io.skep.core.api.module.Handover;
import io.skep.edged.internal.link.Answer;
import io.skep.edged.internal.link.Ref;
import io.skep.edged.internal.manifest.ManifestFolder;
import io.skep.edged.internal.manifest.StaticPod;
import io.skep.edged.internal.pressure.Gauge;
import io.skep.edged.internal.pressure.Pressures;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Env;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PullSecrets;
import io.skep.edged.internal.volume.Volumes;
import io.skep.kube.api.Doc;
import io.skep.runtime.api.ContainerEvent;
import io.skep.runtime.api.ContainerStatus;
import io.skep.runtime.api.PodSandboxStatus;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pods of this node, by uid. Belongs to the module's thread.
 *
 * <p><b>When a pod leaves.</b> Only by an explicit delete: a delete message; another uid under its name, which can only be
 * after a delete; or, after a restart, MetaManager's word. MetaManager commits a delete before it passes it on, so edged may
 * have been down when it came. Then edged still has a record of the pod (written after MetaManager stored the pod, in the
 * same database) while MetaManager's complete list lacks it. Even so the list alone removes nothing: edged asks for that one
 * pod, and only the answer {@code NotFound} counts as the delete. An error, a timeout, an empty list leave everything
 * running. If the database was set aside, edged's record went with it: what the runtime has beyond edged's records is an
 * orphan, kept running and reported until the cloud sends its pod again (it is adopted) or deletes it.
 */
final class Pods implements RuntimeWatch.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(Pods.class);
    private static final Duration ASK_AGAIN = Duration.ofMillis(100);
    private static final Duration ASK_SELDOM = Duration.ofSeconds(5);
    private static final Duration DOUBT = Duration.ofSeconds(30);

    private final PodHost host;
    private final int maxPods;
    private final RuntimeWatch watch;
    private final Map<String, PodWorker> workers = new LinkedHashMap<>();
    private final Map<String, PodRecord> remembered = new HashMap<>();
    private final Map<String, Left> left = new HashMap<>();
    private final Pressures pressures;
    private final ImageKeeper images;
    private final Evictor evictor;
    private final StorageWatch storage;
    private final NodeShutdown shutdown;
    private final StaticPods statics;
    private final Orphans orphans = new Orphans();
    private final Set<String> reported = new HashSet<>();
    private final Set<String> deletedEarly = new HashSet<>();
    private Duration pause = ASK_AGAIN;
    private boolean synced;

    Pods(
            PodHost host,
            int maxPods,
            Duration relist,
            ManifestFolder manifests,
            Pressures pressures,
            Gauge gauge,
            ImagePolicy images,
            ShutdownPolicy policy) {
        this.host = host;
        this.pressures = pressures;
        this.images = new ImageKeeper(host, gauge, images, this::named);
        this.evictor = new Evictor(host, pressures, workers::values, this.images::reclaim);
        this.storage = new StorageWatch(host, workers::values);
        this.shutdown = new NodeShutdown(host, policy, workers::values);
        this.statics = new StaticPods(host, manifests, this);
        host.mirrors().onChange(this::mirrorChanged);
        this.maxPods = maxPods;
        this.watch = new RuntimeWatch(host.context(), host.runtimes(), this, relist);
    }

    /** @param handover what a predecessor in this process left */
    void start(Handover handover) {
        left.putAll(Left.read(handover));
        host.records().load().forEach(record -> remembered.put(record.uid(), record));
        // The last of its writes may not have been done when the store was read.
        left.forEach((uid, pod) -> pod.record().ifPresent(record -> {
            record.touch();
            remembered.put(uid, record);
        }));
        watch.start();
        storage.start();
        statics.look();
        ask();
    }

    /** Now and then: looks for what nobody tells. */
    void tick() {
        images.look();
        evictor.look();
        statics.look();
        syncMirrors();
    }

    Handover stop() {
        watch.stop();
        storage.stop();
        shutdown.stop();
        Map<String, Left> leaves = new HashMap<>(left);
        workers.forEach((uid, worker) -> leaves.put(uid, worker.leave()));
        workers.values().forEach(PodWorker::stop);
        return Left.handover(leaves);
    }

    RuntimeWatch runtimes() {
        return watch;
    }

    Collection<PodWorker> all() {
        return workers.values();
    }

    /** Whether MetaManager has told what is wanted. */
    boolean synced() {
        return synced;
    }

    /** The images that pods of this node name. */
    private Set<String> named() {
        return workers.values().stream()
                .filter(PodWorker::active)
                .flatMap(w -> w.pod().allContainers().stream())
                .map(ContainerSpec::image)
                .collect(Collectors.toSet());
    }

    /** The pods' end before the machine's. */
    NodeShutdown shutdown() {
        return shutdown;
    }

    ImageKeeper images() {
        return images;
    }

    /** Pods ended for the node's sake. */
    long evicted() {
        return evictor.evicted();
    }

    /** Pods a runtime has that nobody wants and nobody deleted. */
    int orphans() {
        return orphans.size();
    }

    // ---- what is wanted

    private void ask() {
        host.meta().query("default/pod", Content.EMPTY, this::listed, failure -> {
            LOG.debug("pods not known yet: reason={}", failure.getMessage());
            host.context().after(pause, this::ask);
            Duration doubled = pause.multipliedBy(2);
            pause = doubled.compareTo(ASK_SELDOM) > 0 ? ASK_SELDOM : doubled;
        });
    }

    private void listed(Answer answer) {
        answer.docs().stream()
                .map(Pod::of)
                .filter(pod -> !deletedEarly.contains(pod.uid()))
                .forEach(this::want);
        deletedEarly.clear();
        synced = true;
        watch.listAll();
        LOG.info("pods known: wanted={} remembered={}", workers.size(), remembered.size());
        remembered.values().stream()
                .filter(record -> !record.isStatic())
                .toList()
                .forEach(this::missing);
        syncMirrors();
    }

    /** A pod edged remembers and MetaManager does not list. */
    private void missing(PodRecord record) {
        if (record.removed()) {
            adopt(record).step();
            return;
        }
        String resource = record.namespace() + "/pod/" + record.name();
        host.meta()
                .query(
                        resource,
                        Content.EMPTY,
                        answer ->
                                answer.doc().map(Pod::of).ifPresentOrElse(this::want, () -> kept(record, "not listed")),
                        failure -> {
                            if (failure.reason() == Reason.NOT_FOUND && remembered.containsKey(record.uid())) {
                                LOG.info("pod was deleted while edged was away: pod={} uid={}", resource, record.uid());
                                adopt(record).remove(Duration.ofSeconds(record.graceSeconds()));
                            } else {
                                kept(record, failure.getMessage());
                            }
                        });
    }

    private void kept(PodRecord record, String why) {
        if (!remembered.containsKey(record.uid())) {
            return;
        }
        if (reported.add(record.uid())) {
            LOG.warn(
                    "pod is not wanted but was never deleted, keeps running: pod={}/{} uid={} reason={}",
                    record.namespace(),
                    record.name(),
                    record.uid(),
                    why);
        }
        host.context().after(DOUBT, () -> {
            if (remembered.containsKey(record.uid())) {
                missing(record);
            }
        });
    }

    /** A worker for a pod of which only the record is left. */
    private PodWorker adopt(PodRecord record) {
        remembered.remove(record.uid());
        Pod shell = Pod.of(Doc.of(Map.of(
                "metadata",
                Map.of("name", record.name(), "namespace", record.namespace(), "uid", record.uid()),
                "spec",
                Map.of())));
        return worker(shell, record);
    }

    private PodWorker worker(Pod pod, PodRecord record) {
        PodWorker worker = new PodWorker(
                host, pod, record, Optional.ofNullable(left.remove(pod.uid())).orElse(Left.NOTHING), () -> gone(pod));
        workers.put(pod.uid(), worker);
        shutdown.join(worker);
        if (!record.runtime().isEmpty() && watch.listed(record.runtime())) {
            watch.list(record.runtime());
        }
        return worker;
    }

    /** A pod as MetaManager has it now. */
    void want(Pod pod) {
        String node = pod.spec().text("nodeName");
        if (!node.isEmpty() && !node.equals(host.facts().get().node())) {
            LOG.debug("pod of another node ignored: pod={} node={}", pod.key(), node);
            return;
        }
        if (StaticPod.isMirror(pod)) {
            host.mirrors().seen(pod);
            return;
        }
        PodWorker known = workers.get(pod.uid());
        if (known != null) {
            if (!older(pod, known.pod())) {
                known.want(pod);
            }
            return;
        }
        Optional<String> unfit = Admission.unfit(pod);
        if (unfit.isPresent() && unfit.get().equals(Admission.NAMELESS)) {
            LOG.error("pod refused: pod={} reason={}", pod.key(), unfit.get());
            return;
        }
        replaced(pod);
        take(pod, unfit, false);
    }

    private void take(Pod pod, Optional<String> unfit, boolean fromFile) {
        Optional<PodRecord> old =
                Optional.ofNullable(remembered.remove(pod.uid())).or(() -> orphans.claim(pod.uid()));
        PodRecord record = old.orElseGet(() -> new PodRecord(pod.uid(), pod.namespace(), pod.name()));
        if (fromFile) {
            record.makeStatic();
        }
        if (old.isEmpty()) {
            admit(pod, record, unfit);
        }
        LOG.info("pod taken: pod={} uid={}", pod.key(), pod.uid());
        PodWorker worker = worker(pod, record);
        worker.step();
        if (record.sandboxAttempt() < 0 && watch.listed(record.runtime())) {
            // Its runtime was listed before and had nothing of it: it can go on at once.
            worker.found(Observed.NOTHING);
        }
    }

    /** The answer to the first question may come after a push that was sent later. */
    static boolean older(Pod pod, Pod known) {
        try {
            return Long.parseUnsignedLong(pod.object().resourceVersion())
                    < Long.parseUnsignedLong(known.object().resourceVersion());
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private void admit(Pod pod, PodRecord record, Optional<String> unfit) {
        List<Pod> others = workers.values().stream()
                .filter(w -> !w.record().terminal() && !w.record().removed())
                .map(PodWorker::pod)
                .toList();
        if (unfit.isPresent()) {
            record.fail("InvalidPodSpec", "Pod was rejected: " + unfit.get());
        } else {
            Admission.underPressure(pod, record.isStatic(), pressures.conditions())
                    .or(() -> Admission.noRoom(pod, others, host.facts().get(), maxPods))
                    .ifPresent(refusal -> record.fail(refusal.reason(), refusal.message()));
        }
        if (!record.failure().isEmpty()) {
            host.events().warning(pod, "", record.failure(), record.failureMessage());
        }
    }

    /** Another uid under the same name: the older pod was deleted, whether or not we heard. */
    private void replaced(Pod pod) {
        workers.values().stream()
                .filter(w -> w.pod().key().equals(pod.key()) && !w.record().removed())
                .filter(w -> !w.record().isStatic())
                .toList()
                .forEach(w -> w.remove(w.pod().grace()));
        remembered.values().stream()
                .filter(r -> r.namespace().equals(pod.namespace()) && r.name().equals(pod.name()))
                .filter(r -> !r.uid().equals(pod.uid()) && !r.isStatic())
                .toList()
                .forEach(r -> adopt(r).remove(Duration.ofSeconds(r.graceSeconds())));
    }

    /** The cloud deleted a pod; {@code uid} is {@code ""} when it does not say which of that name. */
    void delete(String namespace, String name, String uid, Optional<Duration> grace) {
        if (!synced) {
            deletedEarly.add(uid);
        }
        host.mirrors().gone(namespace + "/" + name, uid);
        List<PodWorker> known = workers.values().stream()
                .filter(w -> !w.record().isStatic())
                .filter(w -> uid.isEmpty()
                        ? w.pod().namespace().equals(namespace)
                                && w.pod().name().equals(name)
                        : w.pod().uid().equals(uid))
                .toList();
        known.forEach(w -> w.remove(grace.orElseGet(() -> w.pod().grace())));
        List<PodRecord> asleep = remembered.values().stream()
                .filter(r -> !r.isStatic())
                .filter(r -> uid.isEmpty()
                        ? r.namespace().equals(namespace) && r.name().equals(name)
                        : r.uid().equals(uid))
                .toList();
        asleep.forEach(r -> adopt(r).remove(grace.orElse(Duration.ofSeconds(r.graceSeconds()))));
        if (known.isEmpty() && asleep.isEmpty()) {
            orphans.claim(uid).ifPresent(r -> adopt(r).remove(grace.orElse(Duration.ofSeconds(r.graceSeconds()))));
        }
    }

    private void gone(Pod pod) {
        LOG.info("pod gone: pod={} uid={}", pod.key(), pod.uid());
        boolean fromFile = workers.remove(pod.uid()).record().isStatic();
        host.changed().run();
        host.references()
                .retain(workers.values().stream()
                        .flatMap(w -> references(w.pod()))
                        .collect(Collectors.toSet()));
        if (fromFile) {
            statics.reconcile();
            syncMirrors();
        }
    }

    // ---- what files of this node want

    /** A pod that a file asks for; waits until a former one of that name is gone, which asks again. */
    void wantStatic(Pod pod) {
        boolean waits = workers.containsKey(pod.uid())
                || Stream.concat(workers.values().stream().map(PodWorker::record), remembered.values().stream())
                        .anyMatch(r -> r.isStatic()
                                && !r.uid().equals(pod.uid())
                                && pod.key().equals(r.namespace() + "/" + r.name()));
        if (!waits) {
            take(pod, Optional.empty(), true);
            syncMirrors();
        }
    }

    /** Ends the static pods that no file asks for. */
    void endStatics(Predicate<PodRecord> unwanted) {
        workers.values().stream()
                .filter(w -> w.record().isStatic() && !w.record().removed() && unwanted.test(w.record()))
                .toList()
                .forEach(w -> w.remove(w.pod().grace()));
        remembered.values().stream()
                .filter(r -> r.isStatic() && unwanted.test(r))
                .toList()
                .forEach(r -> adopt(r).remove(Duration.ofSeconds(r.graceSeconds())));
    }

    private void syncMirrors() {
        host.mirrors()
                .sync(
                        workers.values().stream()
                                .filter(w -> w.record().isStatic())
                                .map(PodWorker::pod)
                                .toList(),
                        synced && statics.complete());
    }

    private void mirrorChanged(String key) {
        workers.values().stream()
                .filter(w -> w.record().isStatic() && w.pod().key().equals(key))
                .toList()
                .forEach(PodWorker::step);
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
        Map<String, Observed> found = new HashMap<>();
        Map<String, String> owners = new HashMap<>();
        for (PodSandboxStatus box : sandboxes) {
            owners.put(box.id(), box.podUid());
            found.merge(box.podUid(), Observed.NOTHING.with(box), (a, b) -> a.with(box));
        }
        for (ContainerStatus c : containers) {
            Optional.ofNullable(owners.get(c.sandboxId()))
                    .ifPresent(uid -> found.computeIfPresent(uid, (key, seen) -> seen.with(c)));
        }
        for (PodWorker worker : List.copyOf(workers.values())) {
            if (worker.record().runtime().isEmpty()) {
                worker.step();
            }
            if (worker.record().runtime().equals(runtime)) {
                worker.found(found.getOrDefault(worker.pod().uid(), Observed.NOTHING));
            }
        }
        sandboxes.stream()
                .filter(box -> !workers.containsKey(box.podUid()) && !remembered.containsKey(box.podUid()))
                .forEach(box -> orphans.seen(runtime, box, synced));
        orphans.retain(runtime, found.keySet());
    }

    @Override
    public void changed(String runtime, ContainerEvent event) {
        PodWorker worker = workers.get(event.podUid());
        if (worker != null && worker.record().runtime().equals(runtime)) {
            worker.changed(event.containerId(), event.containerId().equals(event.sandboxId()));
        }
    }

    @Override
    public void back(String runtime) {
        workers.values().stream()
                .filter(w -> w.record().runtime().equals(runtime))
                .forEach(PodWorker::runtimeBack);
    }

    @Override
    public void stated() {
        host.changed().run();
    }

    @Override
    public void lost(String runtime) {
        host.changed().run();
        workers.values().stream()
                .filter(w -> w.record().runtime().equals(runtime))
                .forEach(PodWorker::runtimeLost);
    }

    /** What a pod refers to. */
    private static Stream<Ref> references(Pod pod) {
        return Stream.concat(
                Stream.concat(Volumes.references(pod).stream(), PullSecrets.references(pod).stream()),
                pod.allContainers().stream().flatMap(c -> Env.references(pod, c).stream()));
    }
}
