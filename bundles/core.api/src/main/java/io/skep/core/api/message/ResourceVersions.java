package io.skep.core.api.message;

import java.util.OptionalInt;

/**
 * Order of the resource versions of one object, or of the objects of one kind: unsigned 64-bit numbers, as Kubernetes' API
 * servers make them and CloudHub compares them.
 *
 * <p>Source: KEP-5504; KubeEdge {@code cloud/pkg/synccontroller/objectsync.go}, {@code CompareResourceVersion}.
 */
public final class ResourceVersions {

    private ResourceVersions() {}

    /** Below, at or above 0 as {@code one} is earlier, the same or later; empty when one of them is no number. */
    public static OptionalInt order(String one, String other) {
        try {
            return OptionalInt.of(Long.compareUnsigned(Long.parseUnsignedLong(one), Long.parseUnsignedLong(other)));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** Whether {@code one} is later; of what is no number, whether it is another. */
    public static boolean isLater(String one, String other) {
        OptionalInt order = order(one, other);
        return order.isPresent() ? order.getAsInt() > 0 : !one.equals(other);
    }
}
