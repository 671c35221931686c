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

    int size() {
        return orphans.size();
    }

    /** A runtime shows a pod nobody knows; {@code tell} once it is sure that nobody wants it either. */
    void seen(String runtime, PodSandboxStatus sandbox, boolean tell) {
        Metadata pod = sandbox.metadata();
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

    /** Forgets those of a runtime that it shows no more. */
    void retain(String runtime, Set<String> uids) {
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
