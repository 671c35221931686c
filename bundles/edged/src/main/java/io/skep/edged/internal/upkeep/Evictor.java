package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.link.Errors;
import io.skep.edged.internal.pressure.Pressure;
import io.skep.edged.internal.pressure.Pressures;
import io.skep.edged.internal.pressure.Pressures.Met;
import io.skep.edged.internal.pressure.Signal;
import io.skep.edged.internal.spec.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends pods, one at a time, while the node is short of something they use: best a pod ends here than the kernel picks a
 * process. Belongs to the module's thread; measuring is work, done only then.
 *
 * <p>Source: Kubernetes {@code pkg/kubelet/eviction/eviction_manager.go}.
 */
final class Evictor {

    private static final Logger LOG = LoggerFactory.getLogger(Evictor.class);

    /** How long the next pod waits for the last one to be gone. */
    private static final Duration CLEANUP = Duration.ofSeconds(30);

    private final Upkeep.Host host;
    private final Pressures pressures;
    private final Supplier<Collection<? extends Evictable>> pods;
    private final Reclaim disk;
    private Optional<Evictable> last = Optional.empty();
    private Instant lastAt = Instant.MIN;
    private boolean busy;
    private long evicted;

    /** What can be had of the disk without ending a pod. */
    @FunctionalInterface
    interface Reclaim {
        /** Frees what nobody uses and then, on the module's thread, tells how many bytes came of it. */
        void run(LongConsumer freed);
    }

    Evictor(Upkeep.Host host, Pressures pressures, Supplier<Collection<? extends Evictable>> pods, Reclaim disk) {
        this.host = host;
        this.pressures = pressures;
        this.pods = pods;
        this.disk = disk;
    }

    /** Pods evicted since this process began. */
    long evicted() {
        return evicted;
    }

    /** Acts on what was measured last. */
    void look() {
        Optional<Met> worst = pressures.met().stream().findFirst();
        if (worst.isEmpty() || busy || cleaning()) {
            return;
        }
        Signal signal = worst.get().threshold().signal();
        LOG.warn(
                "node is short: signal={} available={} capacity={}",
                signal.word(),
                worst.get().reading().available(),
                worst.get().reading().capacity());
        host.events().node("Warning", "EvictionThresholdMet", "Attempting to reclaim " + signal.resource());
        busy = true;
        if (signal.pressure() == Pressure.DISK) {
            disk.run(freed -> {
                if (freed > 0) {
                    // The next measurement tells whether that was enough.
                    busy = false;
                } else {
                    measure(worst.get());
                }
            });
        } else {
            measure(worst.get());
        }
    }

    private boolean cleaning() {
        Instant now = host.context().clock().instant();
        return last.filter(Evictable::lives).isPresent() && !now.isBefore(lastAt) && now.isBefore(lastAt.plus(CLEANUP));
    }

    private void measure(Met met) {
        Map<String, Evictable> active = pods.get().stream()
                .filter(Evictable::active)
                .collect(Collectors.toMap(w -> w.pod().uid(), Function.identity()));
        List<Subject> subjects = active.values().stream()
                .map(Evictable::subject)
                .flatMap(Optional::stream)
                .toList();
        Signal signal = met.threshold().signal();
        host.context().work("eviction", () -> Usages.read(signal, subjects), (usage, error) -> {
            busy = false;
            if (error != null) {
                LOG.warn("pods not measured, ranked without: reason={}", Errors.text(error));
            }
            evict(met, active, error == null ? usage : Map.of());
        });
    }

    private void evict(Met met, Map<String, Evictable> active, Map<String, Usage> usage) {
        List<Pod> candidates = active.values().stream()
                .filter(Evictable::active)
                .filter(w -> !w.critical())
                .map(Evictable::pod)
                .toList();
        Signal signal = met.threshold().signal();
        Optional<Pod> first = Ranking.rank(candidates, signal, usage).stream().findFirst();
        if (first.isEmpty()) {
            LOG.warn("no pod can be evicted: signal={}", signal.word());
            return;
        }
        Pod pod = first.get();
        LOG.warn("pod evicted: pod={} uid={} signal={}", pod.key(), pod.uid(), signal.word());
        last = Optional.of(active.get(pod.uid()));
        lastAt = host.context().clock().instant();
        evicted++;
        last.get().evict(Ranking.message(pod, met, usage.getOrDefault(pod.uid(), Usage.NONE)));
    }
}
