package io.skep.edged.internal.pod;

import io.skep.edged.internal.pressure.Gauge;
import io.skep.edged.internal.pressure.Pressures;
import io.skep.edged.internal.spec.ContainerSpec;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Keeps the node from running short: images nobody uses go, and pods end that take more than they may, or while too little
 * is left. Belongs to the module's thread.
 */
final class Upkeep {

    private final Supplier<Collection<PodWorker>> pods;
    private final ImageKeeper images;
    private final Evictor evictor;
    private final StorageWatch storage;

    Upkeep(PodHost host, Supplier<Collection<PodWorker>> pods, Pressures pressures, Gauge gauge, ImagePolicy policy) {
        this.pods = pods;
        this.images = new ImageKeeper(host, gauge, policy, this::named);
        this.evictor = new Evictor(host, pressures, pods, images::reclaim);
        this.storage = new StorageWatch(host, pods);
    }

    void start() {
        storage.start();
    }

    /** Now and then. */
    void look() {
        images.look();
        evictor.look();
    }

    void stop() {
        storage.stop();
    }

    ImageKeeper images() {
        return images;
    }

    /** Pods ended for the node's sake. */
    long evicted() {
        return evictor.evicted();
    }

    /** The images that pods of this node name. */
    private Set<String> named() {
        return pods.get().stream()
                .filter(PodWorker::active)
                .flatMap(w -> w.pod().allContainers().stream())
                .map(ContainerSpec::image)
                .collect(Collectors.toSet());
    }
}
