package io.skep.edgecontroller.internal.dynamic;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an application wants done.
 *
 * <p>Source: KubeEdge v1.22 {@code pkg/metaserver/constants.go}.
 */
enum Verb {
    GET("get"),
    LIST("list"),
    WATCH("watch"),
    CREATE("create"),
    UPDATE("update"),
    UPDATE_STATUS("updatestatus"),
    PATCH("patch"),
    DELETE("delete");

    private final String wire;

    Verb(String wire) {
        this.wire = wire;
    }

    /** As it stands in the application. */
    String wire() {
        return wire;
    }

    static Optional<Verb> of(String wire) {
        return Stream.of(values()).filter(v -> v.wire.equals(wire)).findFirst();
    }
}
