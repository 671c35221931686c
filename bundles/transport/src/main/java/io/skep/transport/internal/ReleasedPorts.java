package io.skep.transport.internal;

import io.skep.transport.ListenSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Ports whose user is being replaced: they stay open for a while under their name, for a successor with the same settings.
 * Thread-safe; ports are never called under the lock.
 */
final class ReleasedPorts<P> {

    /** One release, equal to no other of the same port. */
    private static final class Release<P> {

        private final P port;
        private final ListenSettings settings;

        Release(P port, ListenSettings settings) {
            this.port = port;
            this.settings = settings;
        }
    }

    private final JettyRuntime runtime;
    private final Consumer<P> close;
    private final Map<String, Release<P>> releases = new HashMap<>();

    /** @param close closes a port nobody has taken over; may block */
    ReleasedPorts(JettyRuntime runtime, Consumer<P> close) {
        this.runtime = runtime;
        this.close = close;
    }

    /** The port left under {@code name}; one of other settings is closed instead. */
    Optional<P> take(String name, ListenSettings settings) {
        Release<P> left;
        synchronized (this) {
            left = releases.remove(name);
        }
        if (left == null || left.settings.equals(settings)) {
            return Optional.ofNullable(left).map(release -> release.port);
        }
        close.accept(left.port);
        return Optional.empty();
    }

    /** Leaves a port, which is closed when {@code grace} is over and nobody has taken it. */
    void leave(String name, P port, ListenSettings settings, Duration grace) {
        Release<P> release = new Release<>(port, settings);
        Release<P> former;
        synchronized (this) {
            former = releases.put(name, release);
        }
        if (former != null) {
            closeLater(former);
        }
        runtime.after(grace, () -> {
            boolean nobodyCame;
            synchronized (this) {
                nobodyCame = releases.remove(name, release);
            }
            if (nobodyCame) {
                closeLater(release);
            }
        });
    }

    // Not on the timer's thread: closing waits.
    private void closeLater(Release<P> release) {
        runtime.executor().execute(() -> close.accept(release.port));
    }
}
