package io.skep.launcher.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What the next version of a module is like. */
enum SwapVersion {
    /** The real one, under a higher number. */
    GOOD,
    /** Needs a package nobody has. */
    UNRESOLVABLE,
    THROWS_IN_START,
    HANGS_IN_START,
    /** Is not healthy, and when it is taken back it does not stop. */
    HANGS_IN_DRAIN,
    UNHEALTHY,
    /** Is not healthy, and leaves a thread behind. */
    LEAKS_A_THREAD;

    /** All that must not stay. */
    static List<SwapVersion> bad() {
        return Stream.of(values()).filter(v -> v != GOOD).toList();
    }

    /** Its name in words, for example {@code hangs-in-start}. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** How {@code edge:module-upgrade} to it has to end. */
    String outcome() {
        return switch (this) {
            case GOOD -> "SUCCEEDED";
            case UNRESOLVABLE -> "REFUSED";
            case THROWS_IN_START, HANGS_IN_START, HANGS_IN_DRAIN, UNHEALTHY, LEAKS_A_THREAD -> "ROLLED_BACK";
        };
    }
}
