package io.skep.metaserver.internal;

import io.skep.kube.api.ObjectKey;
import java.util.Comparator;

/** The order of lists, in which the versions of an object are neighbours. */
final class Order {

    private static final Comparator<ObjectKey> OBJECTS = Comparator.comparing(
                    (ObjectKey key) -> key.kind().qualifiedPlural())
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name);

    static final Comparator<ObjectKey> KEYS =
            OBJECTS.thenComparing(key -> key.kind().version());

    private Order() {}

    /** Whether they name one object, be it in two versions of its kind. */
    static boolean isSame(ObjectKey one, ObjectKey other) {
        return OBJECTS.compare(one, other) == 0;
    }
}
