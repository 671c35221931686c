package io.skep.edged.internal.upkeep;

import io.skep.edged.internal.pressure.Reading;
import java.time.Duration;

/**
 * When unused images go.
 *
 * @param highPercent from this part of their file system on; 100 for never
 * @param lowPercent down to this part
 * @param minAge none that came later than this ago: it may be for a container that is just being made
 */
public record ImagePolicy(int highPercent, int lowPercent, Duration minAge) {

    /** Kubelet's. */
    public static final ImagePolicy DEFAULT = new ImagePolicy(85, 80, Duration.ofMinutes(2));

    public ImagePolicy {
        if (highPercent < 1 || highPercent > 100) {
            throw new IllegalArgumentException("image.gc.high.percent must be 1 to 100, is " + highPercent);
        }
        if (lowPercent < 0 || lowPercent >= highPercent) {
            throw new IllegalArgumentException(
                    "image.gc.low.percent must be below image.gc.high.percent, is " + lowPercent);
        }
        if (minAge.isNegative()) {
            throw new IllegalArgumentException("image.min.age.seconds must be at least 0, is " + minAge.toSeconds());
        }
    }

    /** How many bytes are too many; 0 when none are. */
    long excess(Reading disk) {
        if (disk.capacity() <= 0) {
            return 0;
        }
        long usedPercent = 100 - disk.available() * 100 / disk.capacity();
        long target = disk.capacity() / 100 * (100 - lowPercent);
        return usedPercent >= highPercent ? Math.max(0, target - disk.available()) : 0;
    }
}
