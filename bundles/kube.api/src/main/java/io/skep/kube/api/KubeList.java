package io.skep.kube.api;

import java.util.List;
import java.util.Objects;

/**
 * Objects of one kind at one moment.
 *
 * @param resourceVersion the moment; a watch may start here
 * @param continueToken asks for the next page, {@code ""} on the last one
 * @param items ordered by namespace and name
 */
public record KubeList(String resourceVersion, String continueToken, List<KubeObject> items) {

    public KubeList {
        Objects.requireNonNull(resourceVersion, "resourceVersion");
        Objects.requireNonNull(continueToken, "continueToken");
        items = List.copyOf(items);
    }
}
