package io.skep.runtime.process.internal;

import java.nio.file.Path;
import java.time.Duration;

/**
 * {@link ProcessRuntimeConfig} once checked and given types.
 *
 * @param folder absolute
 * @param outputLimitBytes 0 for none
 * @param cgroupParent {@code ""} for none
 * @param namespaces whether they are used where possible
 */
record ProcessRuntimeSettings(
        Path folder,
        long logBytes,
        int logFiles,
        Duration logPoll,
        long outputLimitBytes,
        String cgroupParent,
        boolean namespaces,
        int maxContainers) {

    ProcessRuntimeSettings {
        require(logBytes >= 4096, "log.size.bytes must be at least 4096, is " + logBytes);
        require(logFiles >= 2, "log.files must be at least 2, is " + logFiles);
        require(
                logPoll.toMillis() >= 10 && logPoll.toMillis() <= 1000,
                "log.poll.milliseconds must be between 10 and 1000, is " + logPoll.toMillis());
        require(outputLimitBytes >= 0, "output.limit.bytes must not be negative, is " + outputLimitBytes);
        require(
                cgroupParent.isEmpty() || cgroupParent.matches("[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*"),
                "cgroup.parent must be a relative path of letters, digits, '_', '.', '-', is " + cgroupParent);
        require(!cgroupParent.contains(".."), "cgroup.parent must not contain '..', is " + cgroupParent);
        require(maxContainers > 0, "containers.max must be positive, is " + maxContainers);
    }

    /** @param dataFolder what Karaf calls {@code karaf.data} */
    static ProcessRuntimeSettings from(ProcessRuntimeConfig config, Path dataFolder) {
        require(
                config.namespaces().equals("auto") || config.namespaces().equals("off"),
                "namespaces must be auto or off, is " + config.namespaces());
        Path folder = config.folder().isEmpty() ? dataFolder.resolve("runtime.process") : Path.of(config.folder());
        return new ProcessRuntimeSettings(
                folder.toAbsolutePath().normalize(),
                config.log_size_bytes(),
                config.log_files(),
                Duration.ofMillis(config.log_poll_milliseconds()),
                config.output_limit_bytes(),
                config.cgroup_parent(),
                config.namespaces().equals("auto"),
                config.containers_max());
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
