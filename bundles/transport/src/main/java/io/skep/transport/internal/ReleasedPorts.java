package io.skep.transport.internal;

import io.skep.transport.ListenSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Ports whose user is being replaced: they stay open for a while under their name, for a successor with the same settings.
 * Thread-safe: the monitor guards which ports are left; it is never held while a port is called.
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

    /** One user's hold on a port. It lets go once, in one way or the other; whatever comes after that does nothing. */
    final class Hold {

        private final String name;
        private final ListenSettings settings;
        private final P port;
        private final AtomicBoolean letGo = new AtomicBoolean();

        private Hold(String name, ListenSettings settings, P port) {
            this.name = name;
            this.settings = settings;
            this.port = port;
        }

        P port() {
            return port;
        }

        /** Leaves the port to a successor, after {@code silence} had it serve nobody. */
        void release(Consumer<P> silence, Duration grace) {
            if (letGo.compareAndSet(false, true)) {
                silence.accept(port);
                leave(name, port, settings, grace);
            }
        }

        void close(Consumer<P> how) {
            if (letGo.compareAndSet(false, true)) {
                how.accept(port);
            }
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

    /** A hold on a port that was taken or opened under this name. */
    Hold hold(String name, ListenSettings settings, P port) {
        return new Hold(name, settings, port);
    }

    /** Closed when {@code grace} is over and nobody has taken it. */
    private void leave(String name, P port, ListenSettings settings, Duration grace) {
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
