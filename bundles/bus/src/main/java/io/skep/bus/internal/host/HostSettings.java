package io.skep.bus.internal.host;

import java.time.Duration;

/**
 * How the host treats modules.
 *
 * @param restart when a failed module starts again
 * @param drain how long the message in work may take when a module goes
 * @param slow a call into a module that takes longer is reported
 */
public record HostSettings(RestartPolicy restart, Duration drain, Duration slow) {}
