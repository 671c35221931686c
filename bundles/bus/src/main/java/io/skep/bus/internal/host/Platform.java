package io.skep.bus.internal.host;

import io.skep.core.api.bus.MessageBus;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What the host's modules share.
 *
 * @param bus the bus they speak on
 * @param clock the clock that decides
 * @param timer one thread that only hands tasks to mailboxes
 * @param workers for what waits
 * @param lifecycle hears of every move
 * @param settings how modules are treated
 */
public record Platform(
        MessageBus bus,
        InstantSource clock,
        ScheduledExecutorService timer,
        WorkerPool workers,
        Lifecycle lifecycle,
        HostSettings settings) {}
