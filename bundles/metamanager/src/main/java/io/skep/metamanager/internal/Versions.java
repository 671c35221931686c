package io.skep.metamanager.internal;

/** Order of resource versions: unsigned 64-bit numbers, as CloudHub compares them. */
final class Versions {

    private Versions() {}

    /** How {@code given} stands to {@code known}. */
    enum Age {
        NEWER,
        SAME,
        OLDER
    }

    /** Without a number on both sides nothing can be told: what came last counts as newer. */
    static Age age(String given, String known) {
        try {
            int order = Long.compareUnsigned(Long.parseUnsignedLong(given), Long.parseUnsignedLong(known));
            return order > 0 ? Age.NEWER : order == 0 ? Age.SAME : Age.OLDER;
        } catch (NumberFormatException e) {
            return Age.NEWER;
        }
    }
}
