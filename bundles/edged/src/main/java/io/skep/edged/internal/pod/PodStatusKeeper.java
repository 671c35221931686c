package io.skep.edged.internal.pod;

import io.skep.core.api.module.ModuleContext.Timer;
import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.kube.api.Doc;
import io.skep.kube.api.KubeObject;
import io.skep.runtime.api.ContainerStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps a pod's record and status current: learns from the runtime, makes the status, remembers it and sends it up when
 * it differs from the last one sent, also from one sent before a restart, or when the cloud shows another than that.
 * Belongs to the module's thread.
 */
final class PodStatusKeeper {

    /** How long news that only a start explains waits for that start. */
    private static final Duration MINOR = Duration.ofMillis(500);

    /** When a status that MetaManager could not take is offered again. */
    private static final Duration REFUSED = Duration.ofSeconds(1);

    private final PodHost host;
    private final PodRecord record;
    private Doc latest = Doc.EMPTY;
    private boolean pending;
    private String compared = "";
    private boolean astray;
    private Set<String> busy = Set.of();
    private Timer held = () -> {};

    PodStatusKeeper(PodHost host, PodRecord record) {
        this.host = host;
        this.record = record;
    }

    /** Brings the record up to what the runtime shows. */
    void learn(Pod pod, Observed observed, Set<String> busy) {
        observed.sandbox()
                .filter(box -> box.metadata().attempt() > record.sandboxAttempt())
                .ifPresent(box -> record.sandbox(box.metadata().attempt()));
        for (ContainerSpec container : pod.allContainers()) {
            learn(container, observed.newest(container.name()), busy);
        }
        boolean appRan = observed.readySandbox()
                .filter(box -> pod.containers().stream()
                        .anyMatch(c -> record.container(c.name()).sandboxId().equals(box.id())))
                .isPresent();
        if (appRan) {
            record.initialize();
        }
    }

    private void learn(ContainerSpec container, Optional<ContainerStatus> newest, Set<String> busy) {
        ContainerRecord known = record.container(container.name());
        if (newest.isEmpty()) {
            boolean lost =
                    known.attempt() >= 0 && known.last().isEmpty() && !busy.contains("container/" + container.name());
            if (lost) {
                record.container(
                        container.name(),
                        known.ended(Termination.unknown(host.context().clock().instant())));
            }
            return;
        }
        ContainerStatus status = newest.get();
        if (status.metadata().attempt() > known.attempt()) {
            known = known.seen(status.metadata().attempt(), status.sandboxId());
        }
        if (status.state() == ContainerStatus.State.EXITED && status.metadata().attempt() == known.attempt()) {
            known = known.ended(Termination.of(status, engine()));
        }
        record.container(container.name(), known);
    }

    private String engine() {
        return host.runtimes().engine(record.runtime());
    }

    /** Makes the status; it goes up with the module's next task, so that changes of one moment go together. */
    void show(Situation situation) {
        if (record.startTime().isEmpty()) {
            record.startedAt(situation.now());
        }
        boolean starting = situation.busy().stream().anyMatch(key -> key.startsWith("container/"));
        boolean stopping = situation.pod().deleting()
                || record.removed()
                || !record.failure().isEmpty();
        boolean over = record.terminal()
                || stopping && !starting && situation.observed().living().isEmpty();
        latest = PodStatuses.of(situation, over, host.facts().get().ip());
        if (PodStatuses.phase(situation, over).terminal()) {
            record.end();
        }
        busy = situation.busy();
        if (!pending) {
            pending = true;
            Pod pod = situation.pod();
            host.context().execute(() -> flush(pod));
        }
    }

    private void flush(Pod pod) {
        pending = false;
        compare(pod.object());
        boolean news = !record.removed()
                && (astray
                        || !latest.equals(record.status())
                        || !record.sentTo().equals(mirror(pod)));
        if (news && onTheWay() && minor()) {
            held.cancel();
            held = host.context().after(MINOR, () -> {
                busy = Set.of();
                flush(pod);
            });
        } else if (news) {
            held.cancel();
            send(pod);
        }
        host.records().save(record);
        host.changed().run();
    }

    private void send(Pod pod) {
        String mirror = mirror(pod);
        if (record.isStatic() && mirror.isEmpty()) {
            sent(pod, mirror);
            return;
        }
        String uid = mirror.isEmpty() ? pod.uid() : mirror;
        if (host.meta().patch(pod.resource("podpatch"), StatusPatch.of(uid, latest, record.status()))) {
            sent(pod, mirror);
            astray = false;
        } else {
            held = host.context().after(REFUSED, () -> flush(pod));
        }
    }

    private void sent(Pod pod, String mirror) {
        for (String list : List.of("initContainerStatuses", "containerStatuses")) {
            Set<String> before = backingOff(record.status(), list);
            backingOff(latest, list).stream()
                    .filter(name -> !before.contains(name))
                    .forEach(name -> host.events().warning(pod, name, "BackOff", backOff(pod, name)));
        }
        record.sent(latest, mirror);
    }

    private static Set<String> backingOff(Doc status, String list) {
        return status.objects(list).stream()
                .filter(c -> c.text("state", "waiting", "reason").equals(PodStatuses.CRASH_LOOP))
                .map(c -> c.text("name"))
                .collect(Collectors.toSet());
    }

    private static String backOff(Pod pod, String container) {
        return "Back-off restarting failed container " + container + " in pod " + pod.name() + "_" + pod.namespace()
                + "(" + pod.uid() + ")";
    }

    /** Each state of the pod is looked at once: if it was just older than what is on its way, that costs one patch. */
    private void compare(KubeObject pod) {
        if (!pod.resourceVersion().equals(compared)) {
            compared = pod.resourceVersion();
            astray |= !record.isStatic() && CloudStatus.differs(pod.doc().object("status"), record.status());
        }
    }

    /** A static pod's status goes to its mirror, once there is one. */
    private String mirror(Pod pod) {
        return record.isStatic() ? host.mirrors().uid(pod) : "";
    }

    private boolean onTheWay() {
        return busy.stream().anyMatch(key -> key.equals("sandbox") || Action.begins(key));
    }

    /** Whether no container shows anything new: while one is being started, that can wait for the start. */
    private boolean minor() {
        Doc before = record.status();
        return !before.isEmpty()
                && latest.text("phase").equals(before.text("phase"))
                && latest.items("containerStatuses").equals(before.items("containerStatuses"))
                && latest.items("initContainerStatuses").equals(before.items("initContainerStatuses"))
                && latest.items("ephemeralContainerStatuses").equals(before.items("ephemeralContainerStatuses"));
    }

    /** The status as it is now. */
    Doc latest() {
        return latest.isEmpty() ? record.status() : latest;
    }

    /** Whether the last status sent said so of a container's instance. */
    boolean was(String containerId, String flag) {
        return find(containerId).filter(c -> c.flag(false, flag)).isPresent();
    }

    private Optional<Doc> find(String containerId) {
        return java.util.stream.Stream.of("containerStatuses", "initContainerStatuses")
                .flatMap(list -> record.status().objects(list).stream())
                .filter(c -> c.text("containerID").equals(containerId))
                .findFirst();
    }

    /** Containers that were running when edged last looked and are not now: their death is nobody's fault. */
    Set<String> diedUnwatched(Observed observed) {
        Set<String> names = new HashSet<>();
        record.status().objects("containerStatuses").stream()
                .filter(c -> c.has("state", "running"))
                .map(c -> c.text("name"))
                .filter(name -> observed.newest(name).filter(Observed::lives).isEmpty())
                .forEach(names::add);
        return names;
    }
}
