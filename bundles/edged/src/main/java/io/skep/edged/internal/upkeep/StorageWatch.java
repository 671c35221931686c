package io.skep.edged.internal.upkeep;

import io.skep.core.api.module.ModuleContext.Timer;
import io.skep.edged.internal.link.Errors;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures, now and then, the pods that have a limit on the disk; one that took too much ends. Belongs to the module's
 * thread; measuring is work.
 */
final class StorageWatch {

    private static final Logger LOG = LoggerFactory.getLogger(StorageWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(60);

    private final Upkeep.Host host;
    private final Supplier<Collection<? extends Evictable>> pods;
    private Timer timer = () -> {};
    private boolean under;

    StorageWatch(Upkeep.Host host, Supplier<Collection<? extends Evictable>> pods) {
        this.host = host;
        this.pods = pods;
    }

    void start() {
        timer = host.context().every(PERIOD, this::measure);
    }

    void stop() {
        timer.cancel();
    }

    private void measure() {
        List<Subject> limited = pods.get().stream()
                .filter(w -> w.active() && StorageLimits.limited(w.pod()))
                .filter(w -> !w.critical())
                .flatMap(w -> w.subject().stream())
                .toList();
        if (limited.isEmpty() || under) {
            return;
        }
        under = true;
        host.context().work("storage", () -> StorageLimits.excess(limited), (excess, error) -> {
            under = false;
            if (error != null) {
                LOG.warn("pods' storage not measured: reason={}", Errors.text(error));
                return;
            }
            List.copyOf(pods.get()).stream()
                    .filter(w -> excess.containsKey(w.pod().uid()) && w.active())
                    .forEach(w -> w.evict(excess.get(w.pod().uid())));
        });
    }
}
