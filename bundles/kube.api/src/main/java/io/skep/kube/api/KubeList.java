package io.skep.kube.api;

import java.util.List;
import java.util.Objects;

/**
 * Objects of one kind at one moment.
 *
 * @param resourceVersion the moment; a watch may start here
 * @param continueToken asks for the next page, {@code ""} on the last one
 * @param remaining how many objects there are on further pages, 0 when there are none or that is not known
 * @param items ordered by namespace and name
 */
public record KubeList(String resourceVersion, String continueToken, long remaining, List<KubeObject> items) {

    public KubeList {
        Objects.requireNonNull(resourceVersion, "resourceVersion");
        Objects.requireNonNull(continueToken, "continueToken");
        items = List.copyOf(items);
    }

    /** A page of which nobody knows how many objects follow. */
    public KubeList(String resourceVersion, String continueToken, List<KubeObject> items) {
        this(resourceVersion, continueToken, 0, items);
    }
}
