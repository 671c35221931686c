package io.skep.shell.internal;

import io.skep.kube.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Time spans as kubectl writes them. Source: Kubernetes {@code apimachinery/pkg/util/duration/duration.go}. */
final class Ages {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long YEAR = 365 * DAY;

    private Ages() {}

    /** How long ago {@code time} was; {@code <unknown>} when it is no time. */
    static String since(String time, Instant now) {
        Optional<Instant> parsed = Times.parse(time);
        return parsed.map(t -> text(Duration.between(t, now))).orElse("<unknown>");
    }

    static String text(Duration age) {
        long s = Math.max(0, age.toSeconds());
        if (s < 2 * MINUTE) {
            return s + "s";
        }
        if (s < 10 * MINUTE) {
            return two(s, MINUTE, "m", 1, "s");
        }
        if (s < 3 * HOUR) {
            return s / MINUTE + "m";
        }
        if (s < 8 * HOUR) {
            return two(s, HOUR, "h", MINUTE, "m");
        }
        if (s < 2 * DAY) {
            return s / HOUR + "h";
        }
        if (s < 8 * DAY) {
            return two(s, DAY, "d", HOUR, "h");
        }
        if (s < 2 * YEAR) {
            return s / DAY + "d";
        }
        return s < 8 * YEAR ? two(s, YEAR, "y", DAY, "d") : s / YEAR + "y";
    }

    private static String two(long seconds, long big, String bigName, long small, String smallName) {
        long rest = seconds % big / small;
        return seconds / big + bigName + (rest == 0 ? "" : rest + smallName);
    }
}
