package io.skep.edged.internal.pod;

import io.skep.edged.internal.spec.SandboxSpec;
import io.skep.runtime.api.PodSandboxConfig.Metadata;
import io.skep.runtime.api.PodSandboxStatus;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods a runtime has that edged has no record of: kept running, told once, and remembered with their runtime until the
 * cloud sends or deletes them. Belongs to the module's thread.
 */
final class Orphans {

    private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

    private record Orphan(String runtime, PodSandboxStatus sandbox) {}

    private final Map<String, Orphan> orphans = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private final Map<String, String> erased = new HashMap<>();

    int size() {
        return orphans.size();
    }

    /** A runtime shows a pod nobody knows; {@code tell} once it is sure that nobody wants it either. */
    void seen(String runtime, PodSandboxStatus sandbox, boolean tell) {
        Metadata pod = sandbox.metadata();
        if (erased.containsKey(pod.uid())) {
            return;
        }
        orphans.put(pod.uid(), new Orphan(runtime, sandbox));
        if (tell && told.add(pod.uid())) {
            LOG.warn(
                    "pod without a record keeps running: pod={}/{} uid={} runtime={}",
                    pod.namespace(),
                    pod.name(),
                    pod.uid(),
                    runtime);
        }
    }

    /** A pod has gone; a listing of its runtime that is under way may still show it. */
    void erased(String runtime, String uid) {
        if (!runtime.isEmpty()) {
            erased.put(uid, runtime);
        }
    }

    /** Forgets those of a runtime that it shows no more, at the end of a listing. */
    void retain(String runtime, Set<String> uids) {
        erased.values().removeIf(runtime::equals);
        orphans.entrySet().removeIf(e -> e.getValue().runtime().equals(runtime) && !uids.contains(e.getKey()));
    }

    /**
     * Takes an orphan that is wanted, or deleted, out of here.
     *
     * @return a record that knows its runtime and sandbox
     */
    Optional<PodRecord> claim(String uid) {
        return Optional.ofNullable(orphans.remove(uid)).map(orphan -> {
            PodSandboxStatus box = orphan.sandbox();
            Metadata pod = box.metadata();
            LOG.info("orphan adopted: pod={}/{} uid={}", pod.namespace(), pod.name(), uid);
            PodRecord record = new PodRecord(uid, pod.namespace(), pod.name());
            record.useRuntime(orphan.runtime(), box.annotations().getOrDefault(SandboxSpec.HANDLER, ""));
            record.sandbox(pod.attempt());
            return record;
        });
    }
}
