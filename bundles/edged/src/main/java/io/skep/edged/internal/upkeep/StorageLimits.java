package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.spec.ContainerSpec;
import io.skep.edged.internal.spec.Pod;
import io.skep.edged.internal.spec.PodResources;
import io.skep.edged.internal.volume.EmptyDirs;
import io.skep.runtime.api.ContainerException;
import io.skep.runtime.api.ContainerStats;
import io.skep.runtime.api.PodRuntime;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which pods took more of the disk than they may: a volume, a container, or the pod as a whole.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/eviction/eviction_manager.go}, {@code localStorageEviction}.
 */
final class StorageLimits {

    private static final String STORAGE = "ephemeral-storage";

    private StorageLimits() {}

    /** Whether anything of it is limited, so that it must be measured. */
    static boolean limited(Pod pod) {
        return EmptyDirs.limited(pod) || PodResources.limits(pod, STORAGE) > 0;
    }

    /** Why pods must go, by uid; reads the disk, and asks each runtime once, on a worker. */
    static Map<String, String> excess(Collection<Subject> pods) throws ContainerException {
        Map<PodRuntime, Map<String, ContainerStats>> stats = new HashMap<>();
        Map<String, String> excess = new HashMap<>();
        for (Subject pod : pods) {
            Optional<String> volume =
                    EmptyDirs.excess(pod.storage().pod(), pod.storage().paths());
            if (volume.isPresent()) {
                excess.put(pod.uid(), volume.get());
            } else if (PodResources.limits(pod.storage().pod(), STORAGE) > 0) {
                if (!stats.containsKey(pod.runtime())) {
                    stats.put(pod.runtime(), Usages.stats(pod.runtime()));
                }
                Usage usage = pod.storage().usage(pod, stats.get(pod.runtime()));
                excess(pod.storage().pod(), usage).ifPresent(why -> excess.put(pod.uid(), why));
            }
        }
        return excess;
    }

    private static Optional<String> excess(Pod pod, Usage usage) {
        long all = PodResources.limits(pod, STORAGE);
        if (usage.total() > all) {
            return Optional.of("Pod ephemeral local storage usage exceeds the total limit of containers "
                    + Ranking.binary(all) + ". ");
        }
        for (ContainerSpec container : pod.containers()) {
            long limit = container.amount("limits", STORAGE).orElse(0L);
            if (limit > 0 && usage.byContainer().getOrDefault(container.name(), 0L) > limit) {
                return Optional.of("Container " + container.name() + " exceeded its local ephemeral storage limit \""
                        + container.doc().text("resources", "limits", STORAGE) + "\". ");
            }
        }
        return Optional.empty();
    }
}
