package io.skep.kube.rest.internal.table;

import io.skep.kube.api.KubeObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Time spans as kubectl shows them: {@code 5s}, {@code 4m40s}, {@code 82m}, {@code 3h}, {@code 2d5h}. */
final class Ages {

    private static final long MINUTE = 60;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final long YEAR = 365 * DAY;

    private Ages() {}

    static String of(KubeObject object, Instant now) {
        return since(object.creationTimestamp(), now);
    }

    static String since(Optional<Instant> start, Instant now) {
        return start.map(s -> text(Duration.between(s, now))).orElse(Printer.UNKNOWN);
    }

    /** Source: {@code apimachinery/pkg/util/duration}, {@code HumanDuration}. */
    static String text(Duration span) {
        long seconds = span.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 2 * MINUTE) {
            return Math.max(seconds, 0) + "s";
        }
        if (seconds < 10 * MINUTE) {
            return two(seconds, MINUTE, "m", 1, "s");
        }
        if (seconds < 3 * HOUR) {
            return seconds / MINUTE + "m";
        }
        if (seconds < 8 * HOUR) {
            return two(seconds, HOUR, "h", MINUTE, "m");
        }
        if (seconds < 2 * DAY) {
            return seconds / HOUR + "h";
        }
        return days(seconds);
    }

    private static String days(long seconds) {
        if (seconds < 8 * DAY) {
            return two(seconds, DAY, "d", HOUR, "h");
        }
        if (seconds < 2 * YEAR) {
            return seconds / DAY + "d";
        }
        return seconds < 8 * YEAR ? two(seconds, YEAR, "y", DAY, "d") : seconds / YEAR + "y";
    }

    private static String two(long seconds, long unit, String unitName, long part, String partName) {
        long rest = seconds % unit / part;
        return seconds / unit + unitName + (rest == 0 ? "" : rest + partName);
    }
}
