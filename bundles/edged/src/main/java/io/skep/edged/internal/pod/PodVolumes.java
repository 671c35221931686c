package io.skep.edged.internal.pod;

import io.skep.core.api.module.ModuleContext.Timer;
import io.skep.edged.internal.spec.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A pod's volumes once they are made: brought up to date when a source changes, when a token ages, and again when that
 * failed. Belongs to the module's thread.
 */
final class PodVolumes {

    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

    private final PodHost host;
    private final Runnable mount;
    private Optional<Map<String, Path>> paths = Optional.empty();
    private boolean under;
    private boolean again;
    private Timer timer = () -> {};

    /** {@code mount} begins to make them anew. */
    PodVolumes(PodHost host, Runnable mount) {
        this.host = host;
        this.mount = mount;
    }

    /** Where they lie, by name; empty before they were made the first time in this process. */
    Optional<Map<String, Path>> paths() {
        return paths;
    }

    /** They are being made. */
    void begun() {
        under = true;
    }

    /** A source has changed. */
    void refresh() {
        if (under) {
            again = true;
        } else if (paths.isPresent()) {
            mount.run();
        }
    }

    /** They are made. */
    void mounted(Pod pod, Map<String, Path> where) {
        paths = Optional.of(where);
        under = false;
        Instant at = host.tokens().refreshAt(pod.uid());
        timer.cancel();
        if (!at.equals(Instant.MAX)) {
            Duration wait = Duration.between(host.context().clock().instant(), at);
            timer = host.context().after(wait.plusSeconds(1), this::refresh);
        }
        if (again) {
            again = false;
            refresh();
        }
    }

    /** They could not be made; what was there before stays, and is tried again here. */
    void failed() {
        under = false;
        again = false;
        timer.cancel();
        if (paths.isPresent()) {
            timer = host.context().after(TRY_AGAIN, this::refresh);
        }
    }

    void stop() {
        timer.cancel();
    }
}
