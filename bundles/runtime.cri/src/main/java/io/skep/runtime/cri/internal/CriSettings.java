package io.skep.runtime.cri.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * {@link CriConfig} once checked and given types.
 *
 * @param sockets where the engine may be, the first one there is taken; empty to use none
 * @param call limit of a call
 * @param liveness how long a plain question may go unanswered
 * @param pull limit of a pull
 * @param relist between listings of an engine without events
 * @param logs limits of the containers' logs
 * @param cgroupParent one word, {@code ""} for the engine's choice
 * @param owner written on what is ours
 */
record CriSettings(
        List<Path> sockets,
        Duration call,
        Duration liveness,
        Duration pull,
        Duration relist,
        LogLimits logs,
        String cgroupParent,
        String owner) {

    private static final List<Path> KNOWN =
            List.of(Path.of("/run/containerd/containerd.sock"), Path.of("/run/crio/crio.sock"));

    /** What {@code sockaddr_un} has room for, without the closing zero. */
    private static final int LONGEST_PATH = 107;

    CriSettings {
        sockets = List.copyOf(sockets);
        atLeast("call.timeout.seconds", call.toSeconds(), 1);
        atLeast("liveness.timeout.milliseconds", liveness.toMillis(), 100);
        atLeast("pull.timeout.seconds", pull.toSeconds(), 1);
        atLeast("relist.milliseconds", relist.toMillis(), 100);
        atLeast("log.size.bytes", logs.bytes(), 4096);
        atLeast("log.files", logs.files(), 2);
        atLeast("log.check.milliseconds", logs.check().toMillis(), 100);
        require(
                cgroupParent.isEmpty() || cgroupParent.matches("[A-Za-z0-9_]+"),
                "cgroup.parent must be one word of letters, digits and '_', is " + cgroupParent);
        require(
                owner.matches("[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"),
                "owner must be a label's value of letters, digits, '-', '_' and '.', is " + owner);
    }

    static CriSettings from(CriConfig config) {
        return new CriSettings(
                sockets(config.socket().trim()),
                Duration.ofSeconds(config.call_timeout_seconds()),
                Duration.ofMillis(config.liveness_timeout_milliseconds()),
                Duration.ofSeconds(config.pull_timeout_seconds()),
                Duration.ofMillis(config.relist_milliseconds()),
                new LogLimits(
                        config.log_size_bytes(),
                        config.log_files(),
                        Duration.ofMillis(config.log_check_milliseconds())),
                config.cgroup_parent().trim(),
                config.owner().trim());
    }

    /** The engine to use, of those that are there. One that nobody named must let us in: it may be another user's. */
    Optional<Path> engine() {
        Predicate<Path> usable = sockets.equals(KNOWN) ? Files::isWritable : Files::exists;
        return sockets.stream().filter(usable).findFirst();
    }

    private static List<Path> sockets(String text) {
        if (text.equals("auto")) {
            return KNOWN;
        }
        if (text.equals("off")) {
            return List.of();
        }
        String path = text.startsWith("unix://") ? text.substring("unix://".length()) : text;
        require(
                path.startsWith("/") && path.length() <= LONGEST_PATH,
                "socket must be auto, off or an absolute path of at most " + LONGEST_PATH + " characters, is " + text);
        return List.of(Path.of(path));
    }

    private static void atLeast(String key, long value, long least) {
        require(value >= least, key + " must be at least " + least + ", is " + value);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
