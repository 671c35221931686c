package io.skep.metaserver.internal;

/** The cloud's resource versions, compared: as numbers, which is what every server makes of them. */
final class Versions {

    private Versions() {}

    /** Whether {@code one} is later; of what is no number, whether it is another. */
    static boolean isLater(String one, String other) {
        try {
            return Long.compareUnsigned(Long.parseUnsignedLong(one), Long.parseUnsignedLong(other)) > 0;
        } catch (NumberFormatException e) {
            return !one.equals(other);
        }
    }
}
