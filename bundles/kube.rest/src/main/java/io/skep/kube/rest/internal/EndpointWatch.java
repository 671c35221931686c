package io.skep.kube.rest.internal;

import io.skep.core.api.module.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that the listener comes up: Felix HTTP gives up when the port is taken, and says so only in its own words.
 * {@link #check} runs on one thread, the rest on any.
 */
final class EndpointWatch {

    private static final Logger LOG = LoggerFactory.getLogger(EndpointWatch.class);

    /** Time the listener usually needs, and then some. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int PROBE_MILLIS = 500;

    /** Our own listener, while it starts, looks like another process for a moment. */
    private static final int SUSPICIONS = 2;

    private final KubeRestSettings settings;
    private final Runnable reopen;
    private final InstantSource clock;

    private volatile boolean serving;
    private volatile String taken = "";
    private volatile Instant opened;
    private int suspicions;

    EndpointWatch(KubeRestSettings settings, Runnable reopen, InstantSource clock) {
        this.settings = settings;
        this.reopen = reopen;
        this.clock = clock;
        this.opened = clock.instant();
    }

    /** The listener took the servlet, or gave it back. */
    void serving(boolean now) {
        serving = now;
        opened = clock.instant();
        if (now) {
            taken = "";
            LOG.info("API is served: address={} port={}", settings.address(), settings.port());
        }
    }

    /** Opens the listener again where the port was taken and is free now, or where nothing has happened for long. */
    void check() {
        String trouble = serving ? "" : trouble();
        if (serving) {
            return;
        }
        suspicions = trouble.isEmpty() ? 0 : suspicions + 1;
        if (suspicions == SUSPICIONS) {
            taken = trouble;
            LOG.warn(
                    "API port can't be had, will try again: address={} port={} key=port pid={} reason={}",
                    settings.address(),
                    settings.port(),
                    KubeRestConfig.PID,
                    trouble);
        }
        boolean freeAgain = trouble.isEmpty() && !taken.isEmpty();
        if (freeAgain || trouble.isEmpty() && opened.plus(PATIENCE).isBefore(clock.instant())) {
            taken = "";
            opened = clock.instant();
            reopen.run();
        }
    }

    /** Looks without binding, because that could get into the listener's own way. */
    private String trouble() {
        try {
            InetAddress address = InetAddress.getByName(settings.address());
            if (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null) {
                return "no interface has address " + settings.address();
            }
        } catch (IOException e) {
            return "address " + settings.address() + " can't be resolved: " + e.getMessage();
        }
        try (Socket probe = new Socket()) {
            probe.connect(new InetSocketAddress(settings.clientHost(), settings.port()), PROBE_MILLIS);
            return "another process listens there";
        } catch (IOException e) {
            return "";
        }
    }

    Health health() {
        if (serving) {
            return Health.HEALTHY;
        }
        return taken.isEmpty()
                ? Health.unhealthy("Starting", "the API's listener is not up yet")
                : Health.unhealthy(
                        "PortInUse",
                        "port " + settings.port() + " (key port of " + KubeRestConfig.PID + ") can't be had: " + taken);
    }
}
