package io.skep.transport.internal;

import io.skep.transport.Link;
import io.skep.transport.LinkAcceptor;
import io.skep.transport.LinkPort;
import io.skep.transport.LinkServer;
import io.skep.transport.ListenSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** The listening ports by key. Its lock guards the map and who holds which port; links are never called under it. */
final class ServerLinks implements LinkServer {

    private final JettyRuntime runtime;
    private final AtomicLong numbers;
    private final Map<String, OpenPort> ports = new HashMap<>();
    private final Map<String, Handle> holders = new HashMap<>();

    ServerLinks(JettyRuntime runtime, AtomicLong numbers) {
        this.runtime = runtime;
        this.numbers = numbers;
    }

    @Override
    public LinkPort listen(String key, ListenSettings settings, LinkAcceptor acceptor) {
        OpenPort old;
        synchronized (this) {
            old = ports.get(key);
        }
        if (old != null && old.settings().equals(settings)) {
            Handle handle = hold(key, old);
            old.takeOver(acceptor);
            return handle;
        }
        if (old != null) {
            old.close("the settings of the port have changed");
        }
        return hold(key, new OpenPort(key, settings, acceptor, runtime, numbers));
    }

    private synchronized Handle hold(String key, OpenPort port) {
        Handle handle = new Handle(key, port);
        ports.put(key, port);
        holders.put(key, handle);
        return handle;
    }

    /** Whether {@code handle} still speaks for its port. */
    private synchronized boolean holds(Handle handle) {
        return holders.get(handle.key) == handle;
    }

    private synchronized void remove(Handle handle) {
        holders.remove(handle.key, handle);
        ports.remove(handle.key, handle.port);
    }

    void stop() {
        List<OpenPort> all;
        synchronized (this) {
            all = List.copyOf(ports.values());
            ports.clear();
            holders.clear();
        }
        all.forEach(port -> port.close("the transport stops"));
    }

    /** One user's hold on a port; without effect once another user has taken it over. */
    private final class Handle implements LinkPort {

        private final String key;
        private final OpenPort port;
        private final AtomicBoolean letGo = new AtomicBoolean();

        Handle(String key, OpenPort port) {
            this.key = key;
            this.port = port;
        }

        @Override
        public int port() {
            return port.port();
        }

        @Override
        public List<Link> links() {
            return port.links();
        }

        @Override
        public void release(Duration grace) {
            if (holds(this) && letGo.compareAndSet(false, true)) {
                port.release(grace);
                runtime.after(grace, () -> {
                    if (holds(this)) {
                        remove(this);
                        // Not on the timer's thread: closing waits.
                        runtime.executor().execute(() -> port.close("nobody took the port over"));
                    }
                });
            }
        }

        @Override
        public void close(String reason) {
            if (holds(this)) {
                letGo.set(true);
                remove(this);
                port.close(reason);
            }
        }
    }
}
