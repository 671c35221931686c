package io.skep.kube.embedded.internal;

import io.skep.kube.api.KubeException;
import io.skep.kube.api.KubeList;
import io.skep.kube.api.KubeObject;
import io.skep.kube.api.ListOptions;
import io.skep.kube.api.ResourceKind;
import io.skep.kube.api.Status;
import io.skep.kube.embedded.internal.storage.Journal;
import io.skep.kube.embedded.internal.storage.ParsedCache;
import io.skep.kube.embedded.internal.storage.Snapshot;
import io.skep.kube.embedded.internal.storage.Stored;
import io.skep.kube.embedded.internal.watch.Selection;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Lists, whole or in pages. All pages of a list show the moment of the first one: the states it saw are kept until
 * too many newer lists have begun.
 */
final class Lists {

    private static final int MOST_OPEN = 32;

    private final Journal journal;
    private final ParsedCache cache;
    private final Map<String, Snapshot> open = new LinkedHashMap<>();

    Lists(Journal journal, ParsedCache cache) {
        this.journal = journal;
        this.cache = cache;
    }

    KubeList list(ResourceKind kind, String namespace, ListOptions options) {
        Selection selection = Selection.of(kind, namespace, options, cache);
        Snapshot snapshot =
                options.continueToken().isEmpty() ? journal.snapshot(kind, namespace) : resume(options.continueToken());
        int limit = options.limit() <= 0 ? Integer.MAX_VALUE : options.limit();
        List<KubeObject> page = new ArrayList<>();
        List<Stored> rest = snapshot.items();
        for (int i = 0; i < rest.size(); i++) {
            if (!selection.includes(rest.get(i))) {
                continue;
            }
            if (page.size() == limit) {
                String token = keep(new Snapshot(snapshot.version(), rest.subList(i, rest.size())));
                return new KubeList(Long.toString(snapshot.version()), token, page);
            }
            page.add(cache.parse(rest.get(i)));
        }
        return new KubeList(Long.toString(snapshot.version()), "", page);
    }

    private String keep(Snapshot rest) {
        String token = UUID.randomUUID().toString();
        synchronized (open) {
            open.put(token, rest);
            if (open.size() > MOST_OPEN) {
                open.remove(open.keySet().iterator().next());
            }
        }
        return token;
    }

    /** A page may be asked for again, as a client does whose connection broke. */
    private Snapshot resume(String token) {
        synchronized (open) {
            Snapshot rest = open.get(token);
            if (rest == null) {
                throw new KubeException(Status.of(
                        Status.EXPIRED,
                        410,
                        "The provided continue parameter is too old to display a consistent list result. You must start"
                                + " a new list without the continue parameter."));
            }
            return rest;
        }
    }
}
