package io.skep.edged.internal.upkeep;

import io.skep.core.api.module.ModuleContext;
import io.skep.edged.internal.link.Events;
import io.skep.edged.internal.pressure.Gauge;
import io.skep.edged.internal.pressure.Pressures;
import io.skep.edged.internal.runtime.Runtimes;
import io.skep.edged.internal.spec.ContainerSpec;
import java.util.Collection;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Keeps the node from running short: images nobody uses go, and pods end that take more than they may, or while too little
 * is left. Belongs to the module's thread.
 */
public final class Upkeep {

    /** What of the node it works with. */
    public interface Host {
        /** Time, work and the bus. */
        ModuleContext context();

        /** The runtimes there are. */
        Runtimes runtimes();

        /** Tells what happened. */
        Events events();

        /** Told when something an operator could see has changed. */
        Runnable changed();
    }

    private final Supplier<Collection<? extends Evictable>> pods;
    private final ImageKeeper images;
    private final Evictor evictor;
    private final StorageWatch storage;

    /** {@code pods} gives those of this node, whatever their state. */
    public Upkeep(
            Host host,
            Supplier<Collection<? extends Evictable>> pods,
            Pressures pressures,
            Gauge gauge,
            ImagePolicy policy) {
        this.pods = pods;
        this.images = new ImageKeeper(host, gauge, policy, this::named);
        this.evictor = new Evictor(host, pressures, pods, images::reclaim);
        this.storage = new StorageWatch(host, pods);
    }

    /** Begins to watch what pods take. */
    public void start() {
        storage.start();
    }

    /** Now and then. */
    public void look() {
        images.look();
        evictor.look();
    }

    /** Watches no more. */
    public void stop() {
        storage.stop();
    }

    /** Images that made room. */
    public long imagesRemoved() {
        return images.removed();
    }

    /** What they took. */
    public long imageBytesRemoved() {
        return images.removedBytes();
    }

    /** Pods ended for the node's sake. */
    public long evicted() {
        return evictor.evicted();
    }

    /** The images that pods of this node name. */
    private Set<String> named() {
        return pods.get().stream()
                .filter(Evictable::active)
                .flatMap(w -> w.pod().allContainers().stream())
                .map(ContainerSpec::image)
                .collect(Collectors.toSet());
    }
}
