package io.skep.kube.rest.internal;

import io.skep.core.api.module.Health;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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

    private final KubeRestSettings settings;
    private final Runnable reopen;
    private final InstantSource clock;

    private volatile boolean serving;
    private volatile String taken = "";
    private volatile Instant opened;

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
        if (serving) {
            return;
        }
        String before = taken;
        String trouble = trouble();
        taken = trouble;
        if (!trouble.isEmpty()) {
            if (before.isEmpty()) {
                LOG.warn(
                        "API port can't be had, will try again: address={} port={} key=port pid={} reason={}",
                        settings.address(),
                        settings.port(),
                        KubeRestConfig.PID,
                        trouble);
            }
        } else if (!before.isEmpty() || opened.plus(PATIENCE).isBefore(clock.instant())) {
            opened = clock.instant();
            reopen.run();
        }
    }

    private String trouble() {
        if (serving) {
            return "";
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new java.net.InetSocketAddress(InetAddress.getByName(settings.address()), settings.port()));
            return "";
        } catch (IOException e) {
            return serving ? "" : e.getMessage();
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
