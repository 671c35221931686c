package io.skep.bus.internal;

import io.skep.bus.internal.host.HostSettings;
import io.skep.bus.internal.host.RestartPolicy;
import io.skep.bus.internal.mail.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.osgi.framework.BundleContext;

/**
 * {@link BusConfig} once checked and given types.
 *
 * @param expected group by name of the modules that have a mailbox from the beginning
 * @param limits of each mailbox
 * @param workers most background threads
 * @param workerQueue background jobs of one module that may wait
 * @param workerIdle how long an idle background thread lives
 * @param absent how long what waits for an uninstalled module is kept
 * @param host how modules are treated
 */
record BusSettings(
        Map<String, String> expected,
        Limits limits,
        int workers,
        int workerQueue,
        Duration workerIdle,
        Duration absent,
        HostSettings host) {

    BusSettings {
        expected = Map.copyOf(expected);
    }

    static BusSettings from(BusConfig config) {
        RestartPolicy restart = new RestartPolicy(
                Duration.ofMillis(atLeast(1, "restart.first.millis", config.restart_first_millis())),
                Duration.ofSeconds(atLeast(1, "restart.longest.seconds", config.restart_longest_seconds())),
                Duration.ofSeconds(atLeast(1, "restart.quiet.seconds", config.restart_quiet_seconds())));
        return new BusSettings(
                expected(config.modules_expected()),
                new Limits(
                        (int) atLeast(1, "mailbox.size", config.mailbox_size()),
                        atLeast(0, "spill.quota", config.spill_quota()),
                        Duration.ofMillis(atLeast(0, "mailbox.patience.millis", config.mailbox_patience_millis()))),
                (int) atLeast(1, "worker.threads", config.worker_threads()),
                (int) atLeast(1, "worker.queue", config.worker_queue()),
                Duration.ofSeconds(atLeast(1, "worker.idle.seconds", config.worker_idle_seconds())),
                Duration.ofMinutes(atLeast(1, "absent.minutes", config.absent_minutes())),
                new HostSettings(
                        restart,
                        Duration.ofSeconds(atLeast(1, "drain.seconds", config.drain_seconds())),
                        Duration.ofSeconds(atLeast(1, "slow.seconds", config.slow_seconds()))));
    }

    /** Where the bus keeps files: the same after an update of its bundle, and after a restart. */
    static Path folder(BundleContext context) {
        String data = context.getProperty("karaf.data");
        return data == null
                ? context.getDataFile("").toPath()
                : Path.of(data).toAbsolutePath().resolve("bus");
    }

    static long atLeast(long least, String key, long value) {
        if (value < least) {
            throw new IllegalArgumentException(key + " must be at least " + least + ", is " + value);
        }
        return value;
    }

    // A .cfg file gives its whole line as the only element: the commas are ours to split at.
    private static Map<String, String> expected(String[] lines) {
        Map<String, String> expected = new LinkedHashMap<>();
        for (String entry : String.join(",", lines).split(",")) {
            String[] parts = entry.trim().split(":", 2);
            if (entry.isBlank()) {
                continue;
            }
            if (parts.length != 2 || !Names.isValid(parts[0]) || !Names.isValid(parts[1])) {
                throw new IllegalArgumentException("modules.expected must hold name:group, has " + entry);
            }
            expected.put(parts[0], parts[1]);
        }
        return expected;
    }
}
