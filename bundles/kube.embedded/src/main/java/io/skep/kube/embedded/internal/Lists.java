package io.skep.kube.embedded.internal;

import io.skep.kube.api.Doc;
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
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Lists, whole or in pages. All pages of a list show the moment of the first one: the states it saw are kept until
 * too many newer lists have begun; from then on the rest can be had only as it is now.
 */
final class Lists {

    private static final int MOST_OPEN = 32;

    private static final String TOO_OLD =
            "The provided continue parameter is too old to display a consistent list result. You can start a new list"
                    + " without the continue parameter, or use the continue token in this response to retrieve the"
                    + " remainder of the results. Continuing with the provided token results in an inconsistent list -"
                    + " objects that were created, modified, or deleted between the time the first chunk was returned"
                    + " and now may show up in the list.";

    private final Journal journal;
    private final ParsedCache cache;
    private final Map<String, Snapshot> open = new LinkedHashMap<>();

    Lists(Journal journal, ParsedCache cache) {
        this.journal = journal;
        this.cache = cache;
    }

    KubeList list(ResourceKind kind, String namespace, ListOptions options) {
        Selection selection = Selection.of(kind, namespace, options, cache);
        Snapshot snapshot = snapshot(kind, namespace, options);
        int limit = options.limit() <= 0 ? Integer.MAX_VALUE : options.limit();
        List<KubeObject> page = new ArrayList<>();
        List<Stored> rest = snapshot.items();
        for (int i = 0; i < rest.size(); i++) {
            if (!selection.includes(rest.get(i))) {
                continue;
            }
            if (page.size() == limit) {
                Snapshot next = new Snapshot(snapshot.version(), rest.subList(i, rest.size()));
                return new KubeList(
                        Long.toString(snapshot.version()),
                        keep(kind, namespace, next),
                        isWhole(options) ? rest.size() - i : 0,
                        page);
            }
            page.add(cache.parse(rest.get(i)));
        }
        return new KubeList(Long.toString(snapshot.version()), "", page);
    }

    /** With a selector nobody knows how many will follow without looking at all of them. */
    private static boolean isWhole(ListOptions options) {
        return options.labels().requirements().isEmpty()
                && options.fields().requirements().isEmpty();
    }

    private Snapshot snapshot(ResourceKind kind, String namespace, ListOptions options) {
        String wanted = options.resourceVersion();
        boolean dated = !wanted.isEmpty() && !wanted.equals("0");
        if (!options.continueToken().isEmpty()) {
            if (dated) {
                throw badRequest("specifying resource version is not allowed when using continue");
            }
            return resume(kind, namespace, options.continueToken());
        }
        Snapshot snapshot = journal.snapshot(kind, namespace);
        if (dated && new BigInteger(number(wanted)).compareTo(BigInteger.valueOf(snapshot.version())) > 0) {
            throw new KubeException(Status.tooLargeResourceVersion(wanted, snapshot.version()));
        }
        return snapshot;
    }

    private static String number(String version) {
        if (!version.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw badRequest("resourceVersion: Invalid value: \"" + version + "\": strconv.ParseUint: parsing \""
                    + version + "\": invalid syntax");
        }
        return version;
    }

    private String keep(ResourceKind kind, String namespace, Snapshot rest) {
        String token = new ContinueToken(rest.version(), row(rest.items().get(0))).text();
        synchronized (open) {
            open.remove(id(kind, namespace, token));
            open.put(id(kind, namespace, token), rest);
            if (open.size() > MOST_OPEN) {
                open.remove(open.keySet().iterator().next());
            }
        }
        return token;
    }

    /** A page may be asked for again, as a client does whose connection broke. */
    private Snapshot resume(ResourceKind kind, String namespace, String text) {
        ContinueToken token = ContinueToken.parse(text);
        if (token.version() == ContinueToken.NEWEST) {
            Snapshot now = journal.snapshot(kind, namespace);
            return new Snapshot(
                    now.version(),
                    now.items().stream()
                            .filter(stored -> row(stored).compareTo(token.start()) >= 0)
                            .toList());
        }
        synchronized (open) {
            Snapshot rest = open.get(id(kind, namespace, text));
            if (rest == null) {
                throw new KubeException(new Status(
                        Status.EXPIRED,
                        410,
                        TOO_OLD,
                        Doc.EMPTY,
                        new ContinueToken(ContinueToken.NEWEST, token.start()).text()));
            }
            return rest;
        }
    }

    private static String row(Stored stored) {
        return stored.key().namespace() + "/" + stored.key().name();
    }

    private static String id(ResourceKind kind, String namespace, String token) {
        return kind.qualifiedPlural() + "/" + namespace + "/" + token;
    }

    private static KubeException badRequest(String message) {
        return new KubeException(Status.of(Status.BAD_REQUEST, 400, message));
    }
}
