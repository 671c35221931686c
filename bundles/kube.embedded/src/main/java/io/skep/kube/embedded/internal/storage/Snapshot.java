package io.skep.kube.embedded.internal.storage;

import java.util.List;

/** The objects of one kind at one moment, by namespace and name. */
public record Snapshot(long version, List<Stored> items) {

    public Snapshot {
        items = List.copyOf(items);
    }
}
