package io.skep.launcher.host;

import java.time.Duration;
import java.util.Optional;

/** What systemd says of the machine, where it runs it. */
public final class Systemd {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private Systemd() {}

    /**
     * Whether the machine goes down: power off, halt, reboot. A unit that is stopped or restarted by itself says nothing of the
     * machine, and neither does one without systemd.
     */
    public static boolean machineGoesDown() {
        return machineGoesDown("systemctl");
    }

    /** {@code systemctl} ends with 1 for every state but {@code running}, so only what it says counts. */
    public static boolean machineGoesDown(String systemctl) {
        return Programs.said(LIMIT, systemctl, "is-system-running")
                .map(String::strip)
                .equals(Optional.of("stopping"));
    }
}
