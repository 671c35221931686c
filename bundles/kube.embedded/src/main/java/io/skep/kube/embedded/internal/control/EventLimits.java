package io.skep.kube.embedded.internal.control;

import io.skep.kube.api.DeleteOptions;
import io.skep.kube.api.Kinds;
import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ObjectKey;
import io.skep.kube.api.ResourceStore;
import io.skep.kube.api.Status;
import io.skep.kube.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Forgets events that are old or too many, so that the database does not grow for ever. */
final class EventLimits {

    private final ResourceStore store;
    private final InstantSource clock;
    private final Duration lifetime;
    private final int limit;

    EventLimits(ResourceStore store, InstantSource clock, Duration lifetime, int limit) {
        this.store = store;
        this.clock = clock;
        this.lifetime = lifetime;
        this.limit = limit;
    }

    void enforce() {
        List<KubeObject> oldestFirst = store.list(Kinds.EVENT, "", ListOptions.ALL).items().stream()
                .sorted(Comparator.comparing(EventLimits::last))
                .toList();
        Instant horizon = clock.instant().minus(lifetime);
        int surplus = oldestFirst.size() - limit;
        for (int i = 0; i < oldestFirst.size(); i++) {
            KubeObject event = oldestFirst.get(i);
            if (i >= surplus && !last(event).isBefore(horizon)) {
                return;
            }
            remove(event);
        }
    }

    private void remove(KubeObject event) {
        try {
            store.delete(
                    new ObjectKey(Kinds.EVENT, event.namespace(), event.name()),
                    DeleteOptions.NOW.onlyUid(event.uid()));
        } catch (KubeException e) {
            if (!e.reason().equals(Status.NOT_FOUND) && !e.reason().equals(Status.CONFLICT)) {
                throw e;
            }
        }
    }

    /** When it was last seen, by whichever of the fields writers use. */
    private static Instant last(KubeObject event) {
        return Stream.of(
                        Times.parse(event.doc().text("series", "lastObservedTime")),
                        Times.parse(event.doc().text("lastTimestamp")),
                        Times.parse(event.doc().text("eventTime")),
                        event.creationTimestamp())
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }
}
