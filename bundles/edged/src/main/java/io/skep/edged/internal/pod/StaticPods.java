package io.skep.edged.internal.pod;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.manifest.Manifest;
import io.skep.edged.internal.manifest.ManifestFolder;
import io.skep.edged.internal.spec.Pod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods that files of this node ask for. They need no cloud and nothing of it ends them: only their file's going or another
 * content does. While a file can't be read, its pod stays; while the folder can't be, all do. Belongs to the module's
 * thread; reading is work.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/config/file.go}, {@code pkg/kubelet/pod_workers.go}.
 */
final class StaticPods {

    private static final Logger LOG = LoggerFactory.getLogger(StaticPods.class);

    private final PodHost host;
    private final ManifestFolder folder;
    private final Pods pods;
    private List<Manifest> manifests = List.of();
    private boolean reading;
    private boolean read;
    private String trouble = "";

    StaticPods(PodHost host, ManifestFolder folder, Pods pods) {
        this.host = host;
        this.folder = folder;
        this.pods = pods;
    }

    /** Looks into the folder; cheap when nothing changed. */
    void look() {
        if (reading || read && !folder.configured()) {
            return;
        }
        reading = true;
        List<Manifest> before = manifests;
        host.context().work("static-pods", () -> folder.read(before), (now, error) -> {
            reading = false;
            if (error == null) {
                trouble = "";
                take(now);
            } else if (!Errors.text(error).equals(trouble)) {
                trouble = Errors.text(error);
                LOG.error("folder of static pods can't be read, its pods stay: reason={}", trouble);
            }
        });
    }

    /** Whether the folder was read: what is not in it is not wanted. */
    boolean complete() {
        return read && manifests.stream().noneMatch(m -> m.pod().isEmpty());
    }

    private void take(List<Manifest> now) {
        Map<String, String> before = new HashMap<>();
        manifests.forEach(m -> before.put(m.file(), m.stamp() + m.error()));
        List<Manifest> checked = checked(now);
        for (Manifest m : checked) {
            if (!m.error().isEmpty() && !(m.stamp() + m.error()).equals(before.get(m.file()))) {
                LOG.error("static pod refused, others go on: file={} reason={}", m.file(), m.error());
                host.events().node("Warning", "FailedValidation", "Static pod file " + m.file() + ": " + m.error());
            }
        }
        boolean same = read && checked.equals(manifests);
        manifests = checked;
        read = true;
        if (!same) {
            reconcile();
        }
    }

    private static List<Manifest> checked(List<Manifest> now) {
        List<Manifest> checked = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (Manifest m : now) {
            String unfit = m.pod().flatMap(Admission::unfit).orElse("");
            boolean twice = m.pod().isPresent() && !keys.add(m.pod().get().key());
            checked.add(
                    !unfit.isEmpty()
                            ? m.refused(unfit)
                            : twice
                                    ? m.refused("duplicate pod name \""
                                            + m.pod().get().name() + "\"")
                                    : m);
        }
        return checked;
    }

    /** Ends what no file asks for any more and begins what one does; a new content waits until the former pod is gone. */
    void reconcile() {
        if (!read) {
            return;
        }
        List<Pod> wanted = manifests.stream().flatMap(m -> m.pod().stream()).toList();
        Set<String> uids = new HashSet<>(wanted.stream().map(Pod::uid).toList());
        Set<String> keys = new HashSet<>(wanted.stream().map(Pod::key).toList());
        boolean complete = complete();
        pods.end(record ->
                record.isStatic() && !uids.contains(record.uid()) && (complete || keys.contains(record.key())));
        wanted.forEach(this::want);
    }

    /** A new pod waits until a former one of its name is gone, which has the files looked at again. */
    private void want(Pod pod) {
        Predicate<PodRecord> former = record -> record.isStatic()
                && !record.uid().equals(pod.uid())
                && record.key().equals(pod.key());
        if (pods.worker(pod.uid()).isEmpty()
                && pods.working(former).isEmpty()
                && pods.asleep(former).isEmpty()) {
            pods.take(pod, Optional.empty(), true);
            pods.syncMirrors();
        }
    }
}
