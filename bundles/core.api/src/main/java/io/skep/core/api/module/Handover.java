package io.skep.core.api.module;

import java.util.Objects;

/**
 * What a module leaves to its successor: small, versioned, opaque to everybody else.
 *
 * @param version of the shape of {@code state}; 0 for {@link #NONE}
 * @param state JSON text the module reads back, or {@code ""}
 */
public record Handover(int version, String state) {

    /** Nothing was left. */
    public static final Handover NONE = new Handover(0, "");

    public Handover {
        Objects.requireNonNull(state, "state");
    }

    /** Whether there is anything to take over. */
    public boolean isEmpty() {
        return version == 0;
    }
}
