package io.skep.cloudstream.internal;

import io.skep.core.api.EdgeException;
import io.skep.core.api.module.Health;
import io.skep.core.api.module.ModuleContext;
import io.skep.kube.api.ResourceStore;
import io.skep.transport.ListenSettings;
import io.skep.transport.tunnel.TunnelAcceptor;
import io.skep.transport.tunnel.TunnelPort;
import io.skep.transport.tunnel.Tunnels;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the port open with the hub's present keys: tried again and again until it is, looked at now and then afterwards, and
 * opened anew when the keys have changed. Looks run one after the other in the worker pool; {@link #health} may be asked by
 * any thread.
 */
final class TunnelDoor {

    private static final Logger LOG = LoggerFactory.getLogger(TunnelDoor.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** How long the port waits for a successor. */
    private static final Duration HANDOVER = Duration.ofSeconds(30);

    private final ModuleContext context;
    private final ResourceStore store;
    private final Tunnels tunnels;
    private final CloudStreamSettings settings;
    private final TunnelAcceptor acceptor;
    private final AtomicReference<TunnelPort> port = new AtomicReference<>();
    private volatile Optional<HubKeys> keys = Optional.empty();
    private volatile boolean stopped;
    private volatile Health health = Health.unhealthy("Starting", "the tunnel port is not open yet");

    TunnelDoor(
            ModuleContext context,
            ResourceStore store,
            Tunnels tunnels,
            CloudStreamSettings settings,
            TunnelAcceptor acceptor) {
        this.context = context;
        this.store = store;
        this.tunnels = tunnels;
        this.settings = settings;
        this.acceptor = acceptor;
    }

    Health health() {
        return health;
    }

    /** The port really listened on, 0 while it is closed; for tests with free ports. */
    int port() {
        TunnelPort now = port.get();
        return now == null ? 0 : now.port();
    }

    /** Begins. */
    void open() {
        look(FIRST_PAUSE);
    }

    private void look(Duration pause) {
        context.work("tunnel-port", this::refresh, (done, failure) -> {
            if (stopped) {
                return;
            }
            if (failure == null) {
                health = Health.HEALTHY;
                context.after(settings.keyCheck(), () -> look(FIRST_PAUSE));
                return;
            }
            health = Health.unhealthy("NotListening", "nodes' tunnels can't come in: " + failure.getMessage());
            LOG.debug("tunnel port not open, will try again: pause={} reason={}", pause, failure.getMessage());
            Duration next = pause.multipliedBy(2);
            context.after(pause, () -> look(next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE));
        });
    }

    private Void refresh() {
        HubKeys present = HubKeys.read(store);
        TunnelPort now = port.get();
        if (stopped || now != null && keys.map(present::isSame).orElse(false)) {
            return null;
        }
        if (now != null && port.compareAndSet(now, null)) {
            LOG.info("the hub's keys have changed, opening the tunnel port anew");
            now.close("the cloud's certificate has changed");
        }
        TunnelPort opened = listen(present);
        keys = Optional.of(present);
        port.set(opened);
        LOG.info("listening for nodes' tunnels: address={} port={}", settings.address(), opened.port());
        if (stopped && port.compareAndSet(opened, null)) {
            opened.release("cloudstream stops", HANDOVER);
        }
        return null;
    }

    private TunnelPort listen(HubKeys present) {
        try {
            return tunnels.listen(
                    "cloudstream",
                    new ListenSettings(settings.address(), settings.port(), Optional.of(present.tls())),
                    acceptor);
        } catch (EdgeException e) {
            throw new EdgeException(
                    e.reason(),
                    "tunnel.address=" + settings.address() + " tunnel.port=" + settings.port() + ": " + e.getMessage(),
                    e);
        }
    }

    /** Closes the tunnels and leaves the port to a successor: opening one anew takes longer than all the rest. */
    void close(String reason) {
        stopped = true;
        health = Health.unhealthy("Stopped", "not started");
        TunnelPort closing = port.getAndSet(null);
        if (closing != null) {
            closing.release(reason, HANDOVER);
        }
    }
}
